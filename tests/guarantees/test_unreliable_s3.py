"""S3-compatible servers that ignore the conditions of writes are refused, and wrong responses lose no article."""

from __future__ import annotations

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, cast

import boto3
import pytest
from botocore.exceptions import ClientError
from urllib3.exceptions import ProtocolError

from feedarchive.archive.open_archive import open_archive
from feedarchive.store.interface import Store, StoreError
from feedarchive.store.location import open_store
from feedarchive.store.probe_conditional_writes import CHECK_KEY
from feedarchive.store.s3 import S3Store
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver, articles
from tests.harness.feed_documents import Item

ITEMS = [Item(f"Article {n}", link=f"https://example.org/{n}", guid=f"tag:{n}") for n in range(8)]
FEEDS = '[[feeds]]\nurl = "https://example.org/feed.xml"\n'


class Server:
    """An S3 client with the errors of a server. ``requests`` has the names of the requests for objects.

    - ``ignored``: the parameter of put_object that has no effect
    - ``status``: the HTTP status with which writes with If-None-Match fail
    - ``lies``: how many writes of articles fail with a false 412
    """

    def __init__(self, ignored: str = "", status: int = 0, lies: int = 0) -> None:
        self._client = boto3.client("s3")
        self.ignored, self.status, self.lies = ignored, status, lies
        self.requests: list[str] = []

    def __getattr__(self, name: str) -> Any:
        if name not in ("get_object", "head_object", "delete_object"):
            return getattr(self._client, name)

        def call(**arguments: Any) -> Any:
            self.requests.append(name)
            return getattr(self._client, name)(**arguments)

        return call

    def put_object(self, **request: Any) -> Any:
        self.requests.append("put_object")
        if self.status and "IfNoneMatch" in request:
            raise _error(self.status, "NotImplemented")
        if self.lies and "/archive/" in f"/{request['Key']}":
            self.lies -= 1
            raise _error(412, "PreconditionFailed")
        return self._client.put_object(**{k: v for k, v in request.items() if k != self.ignored})


def _error(status: int, code: str) -> ClientError:
    response = {"Error": {"Code": code, "Message": "."}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(cast("Any", response), "PutObject")


def _store(bucket: str, server: Server) -> Store:
    return S3Store(bucket, "", cast("Any", server))


@pytest.mark.parametrize(("ignored", "header"), [("IfNoneMatch", "If-None-Match"), ("IfMatch", "If-Match")])
def test_a_server_that_ignores_conditions_is_refused(bucket: str, clock: Clock, ignored: str, header: str) -> None:
    store = _store(bucket, Server(ignored))
    message = (
        f"cannot use s3://{bucket}: the server ignores {header}, so two runs would overwrite each other's files; "
        "use a server that supports conditional writes"
    )
    with pytest.raises(StoreError) as error:
        open_archive(store, FEEDS)
    assert str(error.value) == message
    assert list(store.list("archive")) == []
    with pytest.raises(StoreError) as error:
        FeedArchiver(store, clock).poll(*ITEMS)
    assert str(error.value) == message
    assert articles(store) == {}


def test_a_server_without_conditional_writes_is_refused(bucket: str) -> None:
    with pytest.raises(StoreError) as error:
        open_archive(_store(bucket, Server(status=501)), FEEDS)
    assert str(error.value) == (
        f"cannot write s3://{bucket}/{CHECK_KEY}: the server does not support conditional writes; use a server that "
        "supports them"
    )


def test_the_check_is_repeated_once_a_day(bucket: str, clock: Clock) -> None:
    server = Server()
    store = _store(bucket, server)
    open_archive(store, FEEDS)
    FeedArchiver(store, clock).poll(*ITEMS[:2])
    counts = []
    for hours in (0, 1, 22, 2, 1):
        clock.move(hours=hours)
        server.requests.clear()
        FeedArchiver(store, clock).poll(*ITEMS[:2])
        counts.append(len(server.requests))
    # A run checks the store with one read. Once a day, the check makes five more requests: four writes and one read.
    assert [count - counts[0] for count in counts] == [0, 0, 0, 5, 0]
    server.ignored = "IfNoneMatch"
    clock.move(hours=22)
    FeedArchiver(store, clock).poll(*ITEMS[:2])
    clock.move(hours=2)
    with pytest.raises(StoreError, match="ignores If-None-Match"):
        FeedArchiver(store, clock).poll(*ITEMS[:2])


@pytest.mark.parametrize("lies", [1, 4])
def test_a_false_412_loses_no_article(bucket: str, clock: Clock, lies: int) -> None:
    """The server says that the article's file exists, but the file does not exist."""
    store = _store(bucket, Server(lies=lies))
    result = FeedArchiver(store, clock).poll(*ITEMS)
    assert result.new == len(ITEMS)
    assert len(articles(store)) == len(ITEMS)


def test_a_server_that_always_says_412_ends_the_run(bucket: str, clock: Clock) -> None:
    server = Server(lies=1000)
    store = _store(bucket, server)
    with pytest.raises(StoreError, match="the server says that the file exists, then that it does not"):
        FeedArchiver(store, clock).poll(*ITEMS)
    server.lies = 0
    assert FeedArchiver(store, clock).poll(*ITEMS).new == len(ITEMS)


HTML = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nContent-Length: 13\r\n\r\n<p>Sign in</p>"[:-1]
MOVED = b"HTTP/1.1 301 Moved Permanently\r\nContent-Length: 45\r\n\r\n<Error><Code>PermanentRedirect</Code></Error>"
CUT = b"HTTP/1.1 200 OK\r\nETag: 1\r\nTransfer-Encoding: chunked\r\n\r\n50\r\n<ListBucketResult><Name>some"


@pytest.mark.parametrize(
    ("response", "message"),
    [
        (HTML, "the server at the S3 endpoint does not respond like S3"),
        (MOVED, "the bucket is in another region; set AWS_DEFAULT_REGION to that region"),
        (CUT, "the connection broke"),
    ],
    ids=["an HTML page", "a redirect without a region", "a response that is cut"],
)
def test_responses_that_are_not_those_of_s3_are_store_errors(
    aws: str, monkeypatch: pytest.MonkeyPatch, response: bytes, message: str
) -> None:
    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.wfile.write(response)
            self.close_connection = True

        def log_message(self, *_: object) -> None:
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{server.server_port}")
        store = open_store("s3://some-bucket")
        with pytest.raises(StoreError) as read:
            store.read("archive.json")
        assert message in str(read.value)
        if response is not HTML:  # boto3 reports HTML in a listing as HTTP 500
            with pytest.raises(StoreError) as listed:
                list(store.list(""))
            assert message in str(listed.value)
        server.shutdown()


def test_a_broken_connection_that_boto3_does_not_expect_is_a_store_error(bucket: str) -> None:
    """boto3 does not catch the error when the connection breaks while it reads the XML of a response."""

    class Breaks(Server):
        def put_object(self, **_: Any) -> Any:
            raise ProtocolError("Connection broken")

    with pytest.raises(StoreError, match="the connection broke: Connection broken; run again"):
        _store(bucket, Breaks()).create("archive.json", b"x\n")
