"""Conditional GET: validators are sent back byte for byte."""

from __future__ import annotations

import pytest

from feedarchive.polling.results import NotModified
from feedarchive.problems import FeedError
from tests.harness.raw_server import http_response, raw_server
from tests.unit.polling.fetching import DOCUMENT, failed, fetch, fetched

NOT_MODIFIED = b"HTTP/1.1 304 Not Modified\r\n\r\n"


@pytest.mark.parametrize(
    "etag",
    [
        b'"abc"', b'W/"abc"', b'w/"abc"', b"abc", b'""', b'"a"b"', b"\"a b\"", b"'abc'", b'"abc-gzip"', b'"a\\"b"',
        b'"a,b", "c"', b'"\xe4\xf6\xfc"', b'"\xc3\xa4"', b'"\x85\xa0\xff"', b'\xa0"a"',
        b'"a\tb"', b'"' + b"x" * 1900 + b'"', b"0",
    ],
)  # fmt: skip
def test_an_etag_is_sent_back_unchanged(etag: bytes) -> None:
    with raw_server(b"HTTP/1.1 200 OK\r\nETag: " + etag + b"\r\nContent-Length: 6\r\n\r\n<rss/>") as server:
        kept = fetched(fetch(server.url())).etag
    with raw_server(NOT_MODIFIED) as server:
        assert isinstance(fetch(server.url(), kept), NotModified)
        assert b"\r\nIf-None-Match: " + etag + b"\r\n" in server.requests[0]


@pytest.mark.parametrize(
    "date",
    [
        b"Thu, 25 Dec 2025 10:00:00 GMT",
        b"Thu, 25 Dec 2025 10:00:00 +0000",
        b"yesterday",
        b"1766656800",
        b"Do, 25 D\xe9z",
    ],
)
def test_a_last_modified_is_sent_back_unchanged(date: bytes) -> None:
    with raw_server(b"HTTP/1.1 200 OK\r\nLast-Modified: " + date + b"\r\nContent-Length: 6\r\n\r\n<rss/>") as server:
        kept = fetched(fetch(server.url())).last_modified
    with raw_server(NOT_MODIFIED) as server:
        fetch(server.url(), last_modified=kept)
        assert b"\r\nIf-Modified-Since: " + date + b"\r\n" in server.requests[0]
        assert b"If-None-Match" not in server.requests[0]


@pytest.mark.parametrize("etag", [b'"' + b"x" * 3000 + b'"', b'"a\0b"', b'"a\x1b[31m"', b""])
def test_an_etag_that_cannot_be_sent_back_is_dropped(etag: bytes) -> None:
    with raw_server(b"HTTP/1.1 200 OK\r\nETag: " + etag + b"\r\nContent-Length: 6\r\n\r\n<rss/>") as server:
        assert fetched(fetch(server.url())).etag == ""


def test_spaces_around_an_etag_are_not_part_of_it() -> None:
    with raw_server(b'HTTP/1.1 200 OK\r\nETag: \t "a" \t\r\nContent-Length: 6\r\n\r\n<rss/>') as server:
        assert fetched(fetch(server.url())).etag == '"a"'


def test_the_headers_of_a_304_are_used() -> None:
    response = b'HTTP/1.1 304 Not Modified\r\nETag: "new"\r\nCache-Control: max-age=60\r\nContent-Length: 999\r\n\r\n'
    with raw_server(response) as server:
        result = fetch(server.url(), '"old"')
    assert isinstance(result, NotModified)
    assert (result.etag, result.last_modified, result.url) == ('"new"', "", server.url())
    assert result.fresh_for is not None
    assert result.fresh_for.total_seconds() == 60


def test_a_document_has_its_freshness() -> None:
    with raw_server(http_response(DOCUMENT, Cache_Control="max-age=600", Age="60")) as server:
        result = fetched(fetch(server.url()))
    assert result.fresh_for is not None
    assert result.fresh_for.total_seconds() == 540


def test_a_feed_may_ignore_validators() -> None:
    with raw_server(http_response(DOCUMENT, ETag='"a"')) as server:
        assert fetched(fetch(server.url(), '"a"', "yesterday", ignore_validators=True)).etag == '"a"'
        assert b"If-" not in server.requests[0]


def test_a_304_without_a_conditional_request_is_an_error() -> None:
    with raw_server(NOT_MODIFIED) as server:
        assert failed(fetch(server.url())).kind == FeedError.HTTP
        assert failed(fetch(server.url(), '"a"', ignore_validators=True)).kind == FeedError.HTTP
