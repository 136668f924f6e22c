"""The store of an archive in S3. It uses conditional writes (If-None-Match, If-Match) instead of locks."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import closing
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, BinaryIO, TypeVar

from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from feedarchive.store.aws_client import aws_client
from feedarchive.store.content_types import content_type_of
from feedarchive.store.interface import PART_BYTES, Presence, Stored, StoreError, checked_key
from feedarchive.store.s3_errors import S3_FAILURES, error_code, s3_error

if TYPE_CHECKING:
    from botocore.response import StreamingBody
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef, PutObjectRequestTypeDef

# S3 responds with HTTP 409 if several conditional writes of an object are made at the same time. One of them succeeds,
# and the others have to try again.
_MAX_COLLISIONS = 20
# In seconds, for each attempt. With boto3's default of 60 s, it would take six minutes to report that S3 cannot be
# reached.
_CONNECT_TIMEOUT, _READ_TIMEOUT = 5, 15
_MISSING = {"404", "NoSuchKey", "NotFound"}
_T = TypeVar("_T")


class S3Store:
    """A store in a bucket.

    - ``prefix``: the beginning of all keys of the archive in the bucket. It is "" or ends with a slash.
    - ``threads``: how many connections the client may open.
    """

    def __init__(self, bucket: str, prefix: str, client: S3Client, threads: int = 16) -> None:
        self.location = f"s3://{bucket}/{prefix}".rstrip("/")
        self.threads = threads
        self._bucket, self._prefix, self._client = bucket, prefix, client

    def read(self, key: str) -> Stored | None:
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=self._full(key))
            return Stored(found["Body"].read(), found["ETag"])
        except S3_FAILURES as error:
            if isinstance(error, ClientError) and error_code(error) in _MISSING:
                return None
            raise self._failed("read", key, error) from error

    def presence(self, key: str) -> Presence:
        try:
            found = self._client.head_object(Bucket=self._bucket, Key=self._full(key))
            return Presence.COMPLETE if found["ContentLength"] else Presence.TRUNCATED
        except S3_FAILURES as error:
            if not isinstance(error, ClientError) or error_code(error) not in _MISSING:
                raise self._failed("check", key, error) from error
            headers = error.response["ResponseMetadata"].get("HTTPHeaders", {})
            return Presence.DELETED if headers.get("x-amz-delete-marker") == "true" else Presence.ABSENT

    def create(self, key: str, data: bytes) -> bool:
        return self._put("write", key, {**self._request(key, data), "IfNoneMatch": "*"})

    def create_from(self, key: str, source: BinaryIO) -> bool:
        return self._put("write", key, {**self._request(key, source), "IfNoneMatch": "*"})

    def stream(self, key: str, start: int = 0) -> Iterator[bytes] | None:
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=self._full(key), Range=f"bytes={start}-")
        except S3_FAILURES as error:
            if isinstance(error, ClientError) and error_code(error) in _MISSING:
                return None
            # The object has no bytes from ``start`` on.
            if isinstance(error, ClientError) and error_code(error) == "InvalidRange":
                return iter(())
            raise self._failed("read", key, error) from error
        return self._parts(key, found["Body"])

    def renew(self, key: str, source: BinaryIO) -> bool:
        try:
            found = self._client.head_object(Bucket=self._bucket, Key=self._full(key))
        except S3_FAILURES as error:
            if isinstance(error, ClientError) and error_code(error) in _MISSING:
                return False
            raise self._failed("renew", key, error) from error
        # A lifecycle rule counts the age of an object in whole days (UTC), so an object that was written today need not
        # be written again. "Today" is the date of the server's clock.
        sent = found["ResponseMetadata"]["HTTPHeaders"].get("date", "")
        if sent and parsedate_to_datetime(sent).date() == found["LastModified"].date():
            return True
        return self._put("renew", key, {**self._request(key, source), "IfMatch": found["ETag"]})

    def replace(self, key: str, data: bytes, version: str) -> bool:
        return self._put("replace", key, {**self._request(key, data), "IfMatch": version})

    def delete(self, key: str) -> None:
        self._call("delete", key, lambda: self._client.delete_object(Bucket=self._bucket, Key=self._full(key)))

    def list(self, prefix: str) -> Iterator[str]:
        for page in self._pages(prefix, delimiter=""):
            for found in page.get("Contents", ()):
                yield found["Key"].removeprefix(self._prefix)

    def sizes(self, prefix: str) -> dict[str, int]:
        pages = self._pages(prefix, delimiter="")
        return {
            each["Key"].removeprefix(self._prefix): each["Size"] for page in pages for each in page.get("Contents", ())
        }

    def hashes(self, prefix: str) -> dict[str, str]:
        found = [each for page in self._pages(prefix, delimiter="") for each in page.get("Contents", ())]
        return {each["Key"].removeprefix(self._prefix): each["ETag"].strip('"') for each in found}

    def folders(self, prefix: str) -> Sequence[str]:
        pages = self._pages(prefix, delimiter="/")
        return [f["Prefix"].removeprefix(self._prefix) for page in pages for f in page.get("CommonPrefixes", ())]

    def files(self, prefix: str) -> Sequence[str]:
        pages = self._pages(prefix, delimiter="/")
        return [each["Key"].removeprefix(self._prefix) for page in pages for each in page.get("Contents", ())]

    def _pages(self, prefix: str, delimiter: str) -> Iterator[ListObjectsV2OutputTypeDef]:
        paginator = self._client.get_paginator("list_objects_v2")
        pages = iter(paginator.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix, Delimiter=delimiter))
        while (page := self._call("list", prefix, lambda: next(pages, None))) is not None:
            yield page

    def sync(self) -> None:
        """Do nothing. S3 responds to a write only after the object is stored safely."""

    def _parts(self, key: str, body: StreamingBody) -> Iterator[bytes]:
        with closing(body):
            try:
                while part := body.read(PART_BYTES):
                    yield part
            except S3_FAILURES as error:
                raise self._failed("read", key, error) from error

    def _request(self, key: str, data: bytes | BinaryIO) -> PutObjectRequestTypeDef:
        return {"Bucket": self._bucket, "Key": self._full(key), "Body": data, "ContentType": content_type_of(key)}

    def _put(self, operation: str, key: str, request: PutObjectRequestTypeDef) -> bool:
        for _ in range(_MAX_COLLISIONS):
            if not isinstance(source := request["Body"], bytes | str):
                source.seek(0)
            try:
                self._client.put_object(**request)["ETag"]
            except ClientError as error:
                status = error.response["ResponseMetadata"].get("HTTPStatusCode")
                # HTTP 412: the condition is not met. HTTP 404 for a request with If-Match: the object was deleted.
                if status == 412 or (status == 404 and "IfMatch" in request and error_code(error) == "NoSuchKey"):
                    return False
                if status == 409:
                    continue
                raise self._failed(operation, key, error) from error
            except S3_FAILURES as error:
                raise self._failed(operation, key, error) from error
            return True
        reason = f"{_MAX_COLLISIONS} attempts failed because of other writers; run again"
        raise StoreError(f"cannot {operation} {self.location}/{key}: {reason}")

    def _call(self, operation: str, key: str, call: Callable[[], _T]) -> _T:
        try:
            return call()
        except S3_FAILURES as error:
            raise self._failed(operation, key, error) from error

    def _full(self, key: str) -> str:
        return self._prefix + checked_key(key)

    def _failed(self, operation: str, key: str, error: Exception) -> StoreError:
        return s3_error(f"{self.location}/{key}", operation, error)


def s3_client(connections: int) -> S3Client:
    """Make a client of S3. It opens at most ``connections`` connections."""
    config = Config(
        max_pool_connections=connections,
        retries={"mode": "standard", "max_attempts": 6},
        connect_timeout=_CONNECT_TIMEOUT,
        read_timeout=_READ_TIMEOUT,
    )
    try:
        client: S3Client = aws_client("s3", config)
        return client
    except (BotoCoreError, ValueError) as error:
        raise StoreError(f"cannot use S3: {error}") from error
