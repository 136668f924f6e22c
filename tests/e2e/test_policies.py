"""The deployed bucket policy, evaluated for requests with condition keys that the local S3 does not set.

The local AWS evaluates the policy. The tests supply the condition keys that S3 documents for conditional writes.
"""

from __future__ import annotations

import json

import pytest

from tests.e2e.iam_decision import iam_decision
from tests.e2e.stack import Stack

ARTICLE = "archive/2025/12/25/example.org/a-title-0123456789ab.md"
CREATED = {"s3:ObjectCreationOperation": "true"}


def decision(stack: Stack, key: str, keys: dict[str, str], tls: bool = True) -> str:
    """The bucket policy's decision on a PutObject: "Deny", or "ImplicitDeny" if no statement applies."""
    policy = json.loads(stack.s3.get_bucket_policy(Bucket=stack.bucket)["Policy"])
    return iam_decision(policy, "s3:PutObject", f"arn:aws:s3:::{stack.bucket}/{key}", keys, tls)


@pytest.mark.parametrize(
    ("key", "header", "expected"),
    [
        (ARTICLE, "s3:if-none-match", "ImplicitDeny"),
        (ARTICLE, "s3:if-match", "Deny"),
        (ARTICLE, "", "Deny"),
        (ARTICLE.replace(".md", ".r2.md"), "", "Deny"),
        ("claims/3f/3f9a2c1b", "s3:if-none-match", "ImplicitDeny"),
        ("claims/3f/3f9a2c1b", "s3:if-match", "ImplicitDeny"),
        ("claims/3f/3f9a2c1b", "", "Deny"),
        ("archive.json", "", "Deny"),
        ("archive/2025/12/25/digest.md", "s3:if-match", "ImplicitDeny"),
        ("archive/2025/12/25/digest.json", "s3:if-match", "ImplicitDeny"),
        ("state/all.json", "s3:if-match", "ImplicitDeny"),
        ("feeds.toml", "", "ImplicitDeny"),
    ],
)
def test_articles_and_claims_are_written_once(stack: Stack, key: str, header: str, expected: str) -> None:
    assert decision(stack, key, {**CREATED, **({header: "*"} if header else {})}) == expected


def test_parts_of_a_multipart_upload_need_no_header(stack: Stack) -> None:
    assert decision(stack, ARTICLE, {"s3:ObjectCreationOperation": "false"}) == "ImplicitDeny"


def test_no_write_without_tls(stack: Stack) -> None:
    assert decision(stack, "state/all.json", {**CREATED, "s3:if-match": "x"}, tls=False) == "Deny"
