"""An archive in S3: conditional writes are the locks (If-None-Match, If-Match)."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, TypeVar

import boto3
from botocore.config import Config
from botocore.exceptions import BotoCoreError, ClientError

from feedarchive.store.interface import Presence, Stored, StoreError, checked_key

if TYPE_CHECKING:
    from mypy_boto3_s3 import S3Client
    from mypy_boto3_s3.type_defs import ListObjectsV2OutputTypeDef, PutObjectRequestTypeDef

_CONTENT_TYPES = {
    "md": "text/markdown; charset=utf-8",
    "json": "application/json",
    "html": "text/html; charset=utf-8",
    "toml": "application/toml",
}
# Two conditional writes that collide answer 409 "try again"; each round one of them gets through.
_COLLISIONS = 20
# Seconds, each time it is tried. What is written is small; with boto3's 60 a dead S3 would be silent for six minutes.
_TO_CONNECT, _TO_ANSWER = 5, 15
_MISSING = {"404", "NoSuchKey", "NotFound"}
_T = TypeVar("_T")


class S3Store:
    """A store over a bucket, below a prefix ("" or ending in a slash)."""

    def __init__(self, bucket: str, prefix: str, client: S3Client) -> None:
        self.location = f"s3://{bucket}/{prefix}".rstrip("/")
        self._bucket, self._prefix, self._client = bucket, prefix, client

    def read(self, key: str) -> Stored | None:
        try:
            found = self._client.get_object(Bucket=self._bucket, Key=self._full(key))
            return Stored(found["Body"].read(), found["ETag"])
        except ClientError as error:
            if _code(error) in _MISSING - {"NoSuchBucket"}:
                return None
            raise self._failed("read", key, error) from error
        except (BotoCoreError, OSError) as error:
            raise self._failed("read", key, error) from error

    def presence(self, key: str) -> Presence:
        try:
            found = self._client.head_object(Bucket=self._bucket, Key=self._full(key))
            return Presence.COMPLETE if found["ContentLength"] else Presence.TRUNCATED
        except ClientError as error:
            if _code(error) not in _MISSING:
                raise self._failed("look at", key, error) from error
            headers = error.response["ResponseMetadata"].get("HTTPHeaders", {})
            return Presence.DELETED if headers.get("x-amz-delete-marker") == "true" else Presence.ABSENT
        except BotoCoreError as error:
            raise self._failed("look at", key, error) from error

    def create(self, key: str, data: bytes) -> bool:
        return self._put("write", key, {**self._request(key, data), "IfNoneMatch": "*"})

    def replace(self, key: str, data: bytes, version: str) -> bool:
        return self._put("replace", key, {**self._request(key, data), "IfMatch": version})

    def delete(self, key: str) -> None:
        self._asked("delete", key, lambda: self._client.delete_object(Bucket=self._bucket, Key=self._full(key)))

    def list(self, prefix: str) -> Iterator[str]:
        for page in self._pages(prefix, delimiter=""):
            for found in page.get("Contents", ()):
                yield found["Key"].removeprefix(self._prefix)

    def folders(self, prefix: str) -> Sequence[str]:
        pages = self._pages(prefix, delimiter="/")
        return [f["Prefix"].removeprefix(self._prefix) for page in pages for f in page.get("CommonPrefixes", ())]

    def _pages(self, prefix: str, delimiter: str) -> Iterator[ListObjectsV2OutputTypeDef]:
        paginator = self._client.get_paginator("list_objects_v2")
        pages = iter(paginator.paginate(Bucket=self._bucket, Prefix=self._prefix + prefix, Delimiter=delimiter))
        while (page := self._asked("list", prefix, lambda: next(pages, None))) is not None:
            yield page

    def sync(self) -> None:
        """S3 answers a write when it is safe: there is nothing to wait for."""

    def _request(self, key: str, data: bytes) -> PutObjectRequestTypeDef:
        kind = _CONTENT_TYPES.get(key.rpartition(".")[2], "application/json")
        return {"Bucket": self._bucket, "Key": self._full(key), "Body": data, "ContentType": kind}

    def _put(self, tried: str, key: str, request: PutObjectRequestTypeDef) -> bool:
        for _ in range(_COLLISIONS):
            try:
                self._client.put_object(**request)
            except ClientError as error:
                status = error.response["ResponseMetadata"].get("HTTPStatusCode")
                # 412 is an answer. 404 to If-Match is one too: the object has gone.
                if status == 412 or (status == 404 and "IfMatch" in request and _code(error) == "NoSuchKey"):
                    return False
                if status == 409:
                    continue
                raise self._failed(tried, key, error) from error
            except BotoCoreError as error:
                raise self._failed(tried, key, error) from error
            return True
        raise StoreError(f"cannot {tried} {self.location}/{key}: other writers were in the way {_COLLISIONS} times")

    def _asked(self, tried: str, key: str, ask: Callable[[], _T]) -> _T:
        try:
            return ask()
        except (ClientError, BotoCoreError) as error:
            raise self._failed(tried, key, error) from error

    def _full(self, key: str) -> str:
        return self._prefix + checked_key(key)

    def _failed(self, tried: str, key: str, error: Exception) -> StoreError:
        reason = str(error)
        if isinstance(error, ClientError):
            advice = {
                "AccessDenied": "access denied: this user or role lacks the permission",
                # HEAD answers without a body. Without s3:ListBucket it answers so for what is not there, too.
                "403": "access denied: this user or role lacks s3:GetObject, or s3:ListBucket on the bucket",
                "NoSuchBucket": "there is no such bucket: create it first",
                "InvalidAccessKeyId": "the access key is not known there",
                "SignatureDoesNotMatch": "the secret key does not match the access key",
                "ExpiredToken": "the credentials have expired",
            }
            reason = advice.get(_code(error), reason)
        return StoreError(f"cannot {tried} {self.location}/{key}: {' '.join(reason.split())}")


def _code(error: ClientError) -> str:
    return error.response.get("Error", {}).get("Code", "")


def s3_client(connections: int) -> S3Client:
    """A client with boto3's usual credentials, region and endpoint, and a connection for each worker."""
    config = Config(
        max_pool_connections=connections,
        retries={"mode": "standard", "max_attempts": 6},
        connect_timeout=_TO_CONNECT,
        read_timeout=_TO_ANSWER,
    )
    try:
        return boto3.client("s3", config=config)
    except (BotoCoreError, ValueError) as error:
        raise StoreError(f"cannot use S3: {error}") from error
