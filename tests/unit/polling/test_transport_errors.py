"""Errors below HTTP: DNS, connections, invalid HTTP, truncated and endless bodies."""

from __future__ import annotations

import socket
from collections.abc import Sequence

import pytest

from feedarchive.polling import response_body
from feedarchive.polling.dialer import system_resolver
from feedarchive.polling.results import FetchFailed, FetchResult
from feedarchive.problems import FeedError
from tests.harness.raw_server import Conversation, http_response, raw_server
from tests.unit.polling.fetching import DOCUMENT, failed, fetch, fetch_environment, fetched


@pytest.mark.parametrize(
    ("code", "detail"),
    [
        (socket.EAI_NONAME, "the host name no.example does not exist"),
        (socket.EAI_AGAIN, "cannot look up the host name no.example: the DNS servers do not respond"),
    ],
)
def test_a_host_that_cannot_be_looked_up(code: int, detail: str) -> None:
    def resolver(name: str) -> Sequence[str]:
        raise socket.gaierror(code, "the message of the system")

    assert failed(fetch("http://no.example/", environment=fetch_environment(resolver=resolver))) == FetchFailed(
        FeedError.DNS, detail
    )


def test_a_host_without_an_address_does_not_exist() -> None:
    assert (
        failed(fetch("http://no.example/", environment=fetch_environment(resolver=lambda name: []))).kind
        == FeedError.DNS
    )


def test_a_closed_port_is_unreachable() -> None:
    with raw_server(b"") as server:
        url = server.url(host="closed.example")
    result = failed(fetch(url))
    assert result == FetchFailed(FeedError.UNREACHABLE, "cannot connect to closed.example: Connection refused")


@pytest.mark.parametrize(
    ("sent", "detail"),
    [
        (b"SSH-2.0-OpenSSH_9.2\r\n", "a.example did not send a valid HTTP response"),
        (b"<rss><channel></channel></rss>", "a.example did not send a valid HTTP response"),  # HTTP/0.9
        (b"HTTP/1.1 two-hundred OK\r\n\r\n", "a.example did not send a valid HTTP response"),
        (b"HTTP/1.1 20 OK\r\n\r\n", "a.example did not send a valid HTTP response"),
        (b"HTTP/2.0 200 OK\r\n\r\n", "a.example did not send a valid HTTP response"),
        (b"HTTP/1.1 200 OK\r\nX: " + b"x" * 70_000 + b"\r\n\r\n", "a.example sent a header that is too long"),
        (b"HTTP/1.1 200 " + b"x" * 70_000 + b"\r\n\r\n", "a.example sent a header that is too long"),
        (b"HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\n<rss/>", "a.example did not send a valid HTTP response"),
    ],
)
def test_a_response_that_is_not_valid_http(sent: bytes, detail: str) -> None:
    with raw_server(sent) as server:
        assert failed(fetch(server.url(host="a.example"))) == FetchFailed(FeedError.CONNECTION, detail)


@pytest.mark.parametrize(
    "endless", [b"HTTP/1.1 100 Continue\r\n\r\n", b"HTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n"]
)
def test_endless_1xx_responses_are_an_error(endless: bytes) -> None:
    def script(conversation: Conversation) -> None:
        conversation.read_request()
        conversation.send_endlessly(endless * 1000)

    with raw_server(script) as server:
        result = failed(fetch(server.url(host="a.example")))
    assert result == FetchFailed(FeedError.CONNECTION, "a.example sent more than 256 KiB of headers")


def test_1xx_responses_are_skipped() -> None:
    sent = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a>\r\n\r\n" + http_response(DOCUMENT)
    with raw_server(sent) as server:
        assert fetched(fetch(server.url())).body == DOCUMENT


@pytest.mark.parametrize("how", [lambda c: c.read_request() and None, lambda c: c.read_request() and c.reset()])
def test_a_connection_that_is_closed_without_a_response(how: object) -> None:
    with raw_server(how) as server:  # type: ignore[arg-type]
        result = failed(fetch(server.url(host="a.example")))
        assert server.connections == 1
    assert result == FetchFailed(FeedError.CONNECTION, "a.example closed the connection without a response")


@pytest.mark.parametrize(
    "url", [f"http://{'a' * 64}.example/", "http://a..example/", "http://[::1/", "http://a:99999/", "http://exa mple/"]
)
def test_an_invalid_url_is_an_error_of_the_feed(url: str) -> None:
    result = failed(fetch(url, environment=fetch_environment(resolver=system_resolver)))
    assert result.kind in (FeedError.DNS, FeedError.PRIVATE_ADDRESS, FeedError.CONNECTION), result


def test_a_truncated_body_is_kept_and_reported() -> None:
    with raw_server(http_response(DOCUMENT, Content_Length="1000")) as server:
        result = fetched(fetch(server.url()))
    assert (result.body, result.incomplete) == (DOCUMENT, f"the connection broke after {len(DOCUMENT)} bytes")


def test_a_content_length_that_is_too_small_truncates_the_document() -> None:
    with raw_server(http_response(DOCUMENT, Content_Length="10")) as server:
        assert fetched(fetch(server.url())).body == DOCUMENT[:10]


@pytest.mark.parametrize("length", ["", "-1", "many", "1e3", "9" * 5000])
def test_an_invalid_content_length_is_ignored(length: str) -> None:
    with raw_server(http_response(DOCUMENT, Content_Length=length)) as server:
        assert fetched(fetch(server.url())).body == DOCUMENT


@pytest.mark.parametrize("chunks", [b"zz\r\n", b"5\r\n<rss>\r\n-1\r\n", b"5\r\n<rss>\r\n\r\n", b"5\r\n<rss>", b"5"])
def test_invalid_chunks_end_the_body(chunks: bytes) -> None:
    with raw_server(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks) as server:
        result = fetch(server.url())
    if b"<rss>" in chunks:
        assert fetched(result).body == b"<rss>"
        assert fetched(result).incomplete == "the connection broke after 5 bytes"
    else:
        assert failed(result).detail == "the connection broke after 0 bytes"


@pytest.mark.parametrize(
    "endless", [b"1\r\n \r\n" * 1000, b"1;" + b"e" * 60_000 + b"\r\n \r\n", b"0\r\n" + b"A: b\r\n" * 10_000]
)
def test_endless_chunks_are_too_large(endless: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is lowered to save time."""
    assert response_body._MAX_READS == 200_000
    monkeypatch.setattr(response_body, "_MAX_READS", 20_000)

    def script(conversation: Conversation) -> None:
        conversation.read_request()
        conversation.send(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n")
        conversation.send_endlessly(endless)

    with raw_server(script) as server:
        result = failed(fetch(server.url()))
    assert result.detail in ("the document is larger than 10 MiB", "the connection broke after 0 bytes")


def test_a_body_in_too_many_pieces_is_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(response_body, "_MAX_READS", 100)

    def result(pieces: int) -> FetchResult:
        chunks = b"1\r\nx\r\n" * pieces + b"0\r\n\r\n"
        with raw_server(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + chunks) as server:
            return fetch(server.url())

    assert fetched(result(90)).body == b"x" * 90
    assert failed(result(110)).kind is FeedError.TOO_LARGE


def test_an_endless_document_is_too_large() -> None:
    def script(conversation: Conversation) -> None:
        conversation.read_request()
        conversation.send(b"HTTP/1.1 200 OK\r\n\r\n<rss>")
        conversation.send_endlessly(b" " * 65536)

    with raw_server(script) as server:
        assert failed(fetch(server.url())).detail == "the document is larger than 10 MiB"
