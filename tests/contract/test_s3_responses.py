"""Responses of S3 that the local AWS does not send on demand: conflicts, denials, empty objects."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any

import boto3
import pytest
from botocore.stub import Stubber

from feedarchive.store.interface import Presence, StoreError
from feedarchive.store.s3 import S3Store, s3_client

KEY = "claims/3f/3f01"
OBJECT = {"Bucket": "b", "Key": f"some/prefix/{KEY}"}
WRITE = {**OBJECT, "Body": b"one\n", "ContentType": "application/json"}
WRITES: dict[str, tuple[Callable[[S3Store], bool], dict[str, object]]] = {
    "create": (lambda store: store.create(KEY, b"one\n"), {**WRITE, "IfNoneMatch": "*"}),
    "replace": (lambda store: store.replace(KEY, b"one\n", '"an ETag"'), {**WRITE, "IfMatch": '"an ETag"'}),
}
each_write = pytest.mark.parametrize(("write", "request_"), WRITES.values(), ids=WRITES.keys())


@pytest.fixture
def s3() -> Iterator[tuple[S3Store, Stubber]]:
    """A store, and the stub that answers its requests in place of S3."""
    # boto3 would keep credentials from environment variables and use them in later tests of this process.
    client = boto3.client("s3", "eu-central-1", aws_access_key_id="x", aws_secret_access_key="x")
    with Stubber(client) as stubber:
        yield S3Store("b", "some/prefix/", client), stubber
        stubber.assert_no_pending_responses()


def _respond(
    s3: Stubber, operation: str, status: int, code: str = "", times: int = 1, headers: Mapping[str, str] | None = None
) -> None:
    for _ in range(times):
        meta = {"HTTPHeaders": dict(headers or {})}
        s3.add_client_error(operation, code or str(status), "a message", status, response_meta=meta)


@each_write
def test_every_write_is_conditional(
    s3: tuple[S3Store, Stubber], write: Callable[[S3Store], bool], request_: dict[str, object]
) -> None:
    store, stubber = s3
    stubber.add_response("put_object", {"ETag": '"a new ETag"'}, request_)
    assert write(store)


@each_write
def test_a_412_means_that_nothing_was_written(
    s3: tuple[S3Store, Stubber], write: Callable[[S3Store], bool], request_: dict[str, object]
) -> None:
    store, stubber = s3
    _respond(stubber, "put_object", 412, "PreconditionFailed")
    assert not write(store)


@each_write
@pytest.mark.parametrize("conflicts", [1, 19])
def test_a_409_is_retried(
    s3: tuple[S3Store, Stubber], write: Callable[[S3Store], bool], request_: dict[str, object], conflicts: int
) -> None:
    store, stubber = s3
    _respond(stubber, "put_object", 409, "ConditionalRequestConflict", conflicts)
    stubber.add_response("put_object", {"ETag": '"a new ETag"'}, request_)
    assert write(store)


@each_write
def test_a_write_that_meets_only_conflicts_fails(
    s3: tuple[S3Store, Stubber], write: Callable[[S3Store], bool], request_: dict[str, object]
) -> None:
    store, stubber = s3
    _respond(stubber, "put_object", 409, "ConditionalRequestConflict", 20)
    with pytest.raises(StoreError, match=f"{KEY}: 20 attempts failed because of other writers; run again"):
        write(store)


def test_an_object_that_was_deleted_in_between_is_not_replaced(s3: tuple[S3Store, Stubber]) -> None:
    store, stubber = s3
    _respond(stubber, "put_object", 404, "NoSuchKey")
    assert not store.replace(KEY, b"one\n", '"an ETag"')


@each_write
@pytest.mark.parametrize(
    ("status", "code", "message"),
    [(404, "NoSuchBucket", "the bucket does not exist"), (403, "AccessDenied", "access denied"), (400, "Odd", "Odd")],
)
def test_any_other_response_to_a_write_is_an_error(
    s3: tuple[S3Store, Stubber],
    write: Callable[[S3Store], bool],
    request_: dict[str, object],
    status: int,
    code: str,
    message: str,
) -> None:
    store, stubber = s3
    _respond(stubber, "put_object", status, code)
    with pytest.raises(StoreError, match=message):
        write(store)


@each_write
def test_a_missing_permission_on_an_encryption_key_is_named(
    s3: tuple[S3Store, Stubber], write: Callable[[S3Store], bool], request_: dict[str, object]
) -> None:
    store, stubber = s3
    message = (
        "User: arn:aws:iam::111111111111:user/me is not authorized to perform: kms:GenerateDataKey on resource: "
        "arn:aws:kms:eu-central-1:111111111111:key/1 because no identity-based policy allows the action"
    )
    stubber.add_client_error("put_object", "AccessDenied", message, 403)
    with pytest.raises(
        StoreError, match="kms:GenerateDataKey on resource: arn:aws:kms:eu-central-1:111111111111:key/1"
    ):
        write(store)


@pytest.mark.parametrize(("size", "presence"), [(0, Presence.TRUNCATED), (1, Presence.COMPLETE)])
def test_an_empty_object_is_truncated(s3: tuple[S3Store, Stubber], size: int, presence: Presence) -> None:
    store, stubber = s3
    stubber.add_response("head_object", {"ContentLength": size}, OBJECT)
    assert store.presence(KEY) is presence


def test_a_missing_object_is_deleted_only_with_a_delete_marker(s3: tuple[S3Store, Stubber]) -> None:
    store, stubber = s3
    _respond(stubber, "head_object", 404, headers={"x-amz-delete-marker": "true"})
    assert store.presence(KEY) is Presence.DELETED
    _respond(stubber, "head_object", 404)
    assert store.presence(KEY) is Presence.ABSENT


def test_an_object_that_may_not_be_read_is_neither_absent_nor_deleted(s3: tuple[S3Store, Stubber]) -> None:
    store, stubber = s3
    _respond(stubber, "head_object", 403)
    with pytest.raises(StoreError, match="s3:ListBucket"):
        store.presence(KEY)
    _respond(stubber, "get_object", 403, "AccessDenied")
    with pytest.raises(StoreError, match="access denied"):
        store.read(KEY)


def test_an_s3_that_does_not_respond_is_given_up_soon(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_DEFAULT_REGION", "eu-central-1")
    config: Any = s3_client(7).meta.config
    assert (config.connect_timeout, config.read_timeout, config.max_pool_connections) == (5, 15, 7)
    assert config.retries == {"mode": "standard", "total_max_attempts": 7}  # the request and six retries
