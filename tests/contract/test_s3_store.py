"""What only S3 guarantees: its prefix, content types and errors."""

from __future__ import annotations

import boto3
import pytest

from feedarchive.store.interface import Presence, StoreError
from feedarchive.store.location import open_store
from tests.contract.test_store import KEY


def test_s3_uses_only_its_prefix(bucket: str) -> None:
    open_store(f"s3://{bucket}/mine").create("archive.json", b"x\n")
    client = boto3.client("s3")
    assert [o["Key"] for o in client.list_objects_v2(Bucket=bucket)["Contents"]] == ["mine/archive.json"]
    assert list(open_store(f"s3://{bucket}").list("")) == ["mine/archive.json"]


def test_s3_detects_a_deleted_object(bucket: str) -> None:
    store = open_store(f"s3://{bucket}")
    store.create(KEY, b"one\n")
    boto3.client("s3").delete_object(Bucket=bucket, Key=KEY)
    assert store.presence(KEY) is Presence.DELETED


def test_s3_objects_have_a_content_type(bucket: str) -> None:
    store = open_store(f"s3://{bucket}")
    store.create(KEY, b"one\n")
    assert boto3.client("s3").head_object(Bucket=bucket, Key=KEY)["ContentType"] == "text/markdown; charset=utf-8"


def test_s3_without_its_bucket_is_a_store_error(aws: str) -> None:
    store = open_store("s3://no-such-bucket-here")
    for attempt in (lambda: store.read(KEY), lambda: store.create(KEY, b"x\n"), lambda: list(store.list(""))):
        with pytest.raises(StoreError, match="the bucket does not exist"):
            attempt()


def test_s3_that_cannot_be_reached_is_a_store_error(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(StoreError, match=r"cannot write s3://some-bucket/archive\.json"):
        open_store("s3://some-bucket").create("archive.json", b"x\n")
