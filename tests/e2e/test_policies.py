"""The deployed bucket policy, evaluated for requests with condition keys that the local S3 does not set.

The evaluator is the local AWS's; the condition keys are those that S3 documents for conditional writes.
"""

from __future__ import annotations

import json
import subprocess
from typing import Any

import pytest

from tests.e2e.local_aws import PYTHON
from tests.e2e.stack import Stack

ARTICLE = "archive/2025/12/25/example.org/a-title-0123456789ab.md"
CREATED = {"s3:ObjectCreationOperation": "true"}
_EVALUATE = """
import json, sys
from ministack.core.iam_evaluator import EvalContext, evaluate, parse_policy_document
request = json.load(sys.stdin)
context = EvalContext(
    principal_arn="arn:aws:iam::000000000000:root", principal_type="User", principal_account="000000000000",
    action="s3:PutObject", resource_arn=request["resource"], region="eu-central-1",
    service_context={k.lower(): v for k, v in request["keys"].items()}, secure_transport=request["tls"],
)
print(evaluate(context, [parse_policy_document(request["policy"])]).decision)
"""


def decision(stack: Stack, key: str, keys: dict[str, str], tls: bool = True) -> str:
    """The bucket policy's decision on a PutObject: "Deny", or "ImplicitDeny" if no statement applies."""
    policy = stack.s3.get_bucket_policy(Bucket=stack.bucket)["Policy"]
    request: dict[str, Any] = {"policy": json.loads(policy), "resource": f"arn:aws:s3:::{stack.bucket}/{key}"}
    text = json.dumps({**request, "keys": keys, "tls": tls})
    done = subprocess.run([PYTHON, "-c", _EVALUATE], input=text, capture_output=True, text=True, check=True)
    return done.stdout.strip()


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
