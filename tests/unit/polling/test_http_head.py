"""Header lines that Python's parser cannot read are read as in browsers, or rejected. They are never logged."""

from __future__ import annotations

import logging
from contextlib import closing

import pytest

from feedarchive.feeds.feed import Feed
from feedarchive.problems import FeedError
from tests.harness.raw_server import Conversation, http_response, raw_server
from tests.unit.polling.fetching import DOCUMENT, failed, fetch, fetched, local_fetcher

CHUNKED = b"%x\r\n%s\r\n0\r\n\r\n" % (len(DOCUMENT), DOCUMENT)


def head(*lines: bytes) -> bytes:
    return b"HTTP/1.1 200 OK\r\n" + b"".join(line + b"\r\n" for line in lines) + b"\r\n"


@pytest.mark.parametrize(
    "line",
    [
        b"no colon",
        b"X Frame Options: DENY",
        b"X-Name : value",
        b": no name",
        b"X-\xfcmlaut: 1",
        b"X-Bare: a\rContent-Disposition",
        b"X-Nul: a\0b",
        b"From nobody@example.org",
        b"HTTP/1.1 200 OK",
        b"X-Folded: a\r\n b",
    ],
)
@pytest.mark.parametrize("first", [True, False])
def test_a_line_that_cannot_be_parsed_hides_no_other_header(
    line: bytes, first: bool, caplog: pytest.LogCaptureFixture
) -> None:
    framing = (b"Transfer-Encoding: chunked", b'ETag: "1"')
    lines = (line, *framing) if first else (b"Server: x", line, *framing)
    with caplog.at_level(logging.INFO), raw_server(head(*lines) + CHUNKED) as server:
        result = fetched(fetch(server.url("/feed?token=secret")))
    assert (result.body, result.etag, result.incomplete) == (DOCUMENT, '"1"', "")
    assert not caplog.records


@pytest.mark.parametrize("value", [b"gzip, chunked", b"Chunked, identity", b"identity\r\nTransfer-Encoding: chunked"])
def test_every_way_to_say_chunked_is_understood(value: bytes) -> None:
    with raw_server(head(b"Content-Length: 10", b"Transfer-Encoding: " + value) + CHUNKED) as server:
        assert fetched(fetch(server.url())).body == DOCUMENT


@pytest.mark.parametrize(
    "lines",
    [
        pytest.param((b"Transfer-Encoding chunked",), id="no colon"),
        pytest.param((b"Transfer Encoding: chunked",), id="a space in the name"),
        pytest.param((b" Transfer-Encoding: chunked",), id="a space before the first name"),
        pytest.param((b"Server: x", b"\tTransfer-Encoding: chunked"), id="a tab before a name"),
        pytest.param((b"Content Length: 10",), id="a length that cannot be read"),
        pytest.param((b"Content-Encoding = gzip",), id="an encoding that cannot be read"),
        pytest.param((b"Content-Length: 10", b"Content-Length: 20"), id="two lengths"),
        pytest.param((b'<?xml version="1.0"?>',), id="no blank line before the document"),
    ],
)
def test_a_body_with_unsure_framing_is_rejected(lines: tuple[bytes, ...], caplog: pytest.LogCaptureFixture) -> None:
    with raw_server(head(*lines) + CHUNKED) as server:
        result = failed(fetch(server.url("/feed?token=secret")))
    assert (result.kind, result.detail) == (FeedError.CONNECTION, "127.0.0.1 did not send a valid HTTP response")
    assert "secret" not in caplog.text


def test_a_head_that_is_cut_off_is_rejected() -> None:
    with raw_server(b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\nX-A: b") as server:
        assert failed(fetch(server.url())).kind == FeedError.CONNECTION


def test_hundreds_of_headers_are_no_error() -> None:
    many = [b"Set-Cookie: %d=1" % number for number in range(300)]
    with raw_server(head(*many, b"Transfer-Encoding: chunked", b'ETag: "1"') + CHUNKED) as server:
        result = fetched(fetch(server.url()))
    assert (result.body, result.etag) == (DOCUMENT, '"1"')


def test_surplus_bytes_on_a_kept_connection_cost_the_next_feed_nothing() -> None:
    """The surplus bytes arrive after the next request. The client then sends this request on a new connection."""

    def script(conversation: Conversation) -> None:
        first = True
        while conversation.read_request():
            conversation.send((b"" if first else b"\r\n0\r\n") + http_response(DOCUMENT))
            first = False

    with raw_server(script) as server, closing(local_fetcher()) as fetcher:
        for _ in range(3):
            assert fetched(fetcher.fetch(Feed(server.url(), "f"))).body == DOCUMENT
        assert server.connections == 3
