"""Which store a location means."""

from __future__ import annotations

import pytest

from feedarchive.store.folder import FolderStore
from feedarchive.store.location import InvalidLocation, open_store


@pytest.fixture(autouse=True)
def _region(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")


@pytest.mark.parametrize(
    ("location", "meant"),
    [
        ("s3://bucket", "s3://bucket"),
        ("s3://bucket/", "s3://bucket"),
        ("s3://bucket/some/prefix", "s3://bucket/some/prefix"),
        ("s3://bucket/some/prefix/", "s3://bucket/some/prefix"),
        ("s3://my.own-bucket-1/", "s3://my.own-bucket-1"),
    ],
)
def test_a_bucket_and_a_prefix_with_or_without_a_slash(location: str, meant: str) -> None:
    assert open_store(location).location == meant


@pytest.mark.parametrize(
    "location",
    ["s3://my_bucket", "s3://Bucket", "s3://bucket_/a", "s3://a", "s3://-bucket", "s3://bucket/a//b", "s3://bucket/.."],
)
def test_an_s3_location_that_cannot_exist_is_rejected(location: str) -> None:
    with pytest.raises(InvalidLocation, match="is not an S3 location"):
        open_store(location)


@pytest.mark.parametrize("location", ["", "gs://bucket", "https://example.org/"])
def test_any_other_url_is_rejected(location: str) -> None:
    with pytest.raises(InvalidLocation, match="give a folder or s3://bucket/prefix"):
        open_store(location)


def test_anything_else_is_a_folder() -> None:
    assert isinstance(open_store("my-archive"), FolderStore)
