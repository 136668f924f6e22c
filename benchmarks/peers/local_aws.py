"""A local S3 API (ministack) that counts its requests."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Final

import boto3

from tests.harness.ministack import COMMAND, ministack

_REQUEST = re.compile(r"(GET|HEAD|PUT|DELETE|POST) (/\S*) -> service=s3")
_REGION: Final = "eu-central-1"


@dataclass(frozen=True)
class Request:
    """One kind of request: its method ("LIST" for a GET of the bucket), and the first folder of the key."""

    method: str
    folder: str


@dataclass
class LocalAws:
    """The running API. ``requests()`` counts the requests since its previous call, by kind."""

    endpoint: str
    bucket: str
    log: Path
    _read: int = 0

    @property
    def environment(self) -> Mapping[str, str]:
        """Environment variables that make boto3 and the AWS CLI use this API."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint,
            "AWS_ACCESS_KEY_ID": "111111111111",
            "AWS_SECRET_ACCESS_KEY": "not-a-secret",
            "AWS_DEFAULT_REGION": _REGION,
            "AWS_EC2_METADATA_DISABLED": "true",
        }

    def requests(self) -> Counter[Request]:
        with self.log.open(encoding="utf-8", errors="replace") as log:
            log.seek(self._read)
            lines = log.read()
            self._read = log.tell()
        return Counter(request_of(method, path, self.bucket) for method, path in _REQUEST.findall(lines))


def request_of(method: str, path: str, bucket: str) -> Request:
    """The kind of a request. ``path`` begins with the bucket, as in the requests of boto3 to a custom endpoint."""
    key = path.partition("?")[0].removeprefix(f"/{bucket}").lstrip("/")
    if not key:
        return Request("LIST" if method == "GET" else method, "")
    return Request(method, key.partition("/")[0] if "/" in key else key)


@contextmanager
def local_aws(folder: Path, bucket: str) -> Iterator[LocalAws]:
    """Run the local AWS, and create a versioned bucket in it."""
    if not COMMAND.exists():
        raise SystemExit("the local AWS is not installed: run make setup")
    log = folder / "aws.log"
    with ministack(folder, log, {"LOG_LEVEL": "DEBUG"}) as endpoint:
        aws = LocalAws(endpoint, bucket, log)
        os.environ.update(aws.environment)
        client = boto3.client("s3")
        client.create_bucket(Bucket=bucket, CreateBucketConfiguration={"LocationConstraint": _REGION})
        client.put_bucket_versioning(Bucket=bucket, VersioningConfiguration={"Status": "Enabled"})
        yield aws
