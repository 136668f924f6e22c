"""Time limits: a fetch ends at its total timeout, however slowly the server sends any part of the response.

No test measures time. The servers here never stop by themselves, so the error shows which limit ended the fetch.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import dataclass
from datetime import timedelta

import pytest

from feedarchive.feeds.feed import Feed
from feedarchive.polling import dialer, fetcher, requester
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.results import NotModified
from feedarchive.polling.transport_errors import Timeouts
from feedarchive.polling.validators import Validators
from feedarchive.problems import FeedError
from tests.harness.raw_server import Conversation, Script, http_response, raw_server
from tests.unit.polling.fetching import DOCUMENT, failed, fetch, fetch_environment, fetched

SHORT_TOTAL = Timeouts(total=0.4, connect=60.0, read=60.0)
TOTAL_TIMEOUT = (FeedError.TIMEOUT, "timed out after 0.4 s in total")
HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: text/xml\r\n"
CHUNKED = HEAD + b"Transfer-Encoding: chunked\r\n\r\n"
GZIP_WITH_A_NAME = b"\x1f\x8b\x08\x08\0\0\0\0\0\0"  # announces a file name, which then never ends


def slow_response(at_once: bytes, slowly: bytes = b"x") -> Script:
    def script(conversation: Conversation) -> None:
        conversation.read_request()
        conversation.send(at_once)
        conversation.send_slowly(slowly)

    return script


@pytest.mark.parametrize(
    "script",
    [
        pytest.param(slow_response(b""), id="from the start"),
        pytest.param(slow_response(b"HTTP/1.1 200 O", b"K"), id="status line"),
        pytest.param(slow_response(HEAD + b"X-Long: ", b"y"), id="one header"),
        pytest.param(slow_response(HEAD, b"X-Many: 1\r\n"), id="many headers"),
        pytest.param(slow_response(b"", b"HTTP/1.1 100 Continue\r\n\r\n"), id="1xx responses"),
        pytest.param(slow_response(CHUNKED, b"0"), id="chunk size"),
        pytest.param(slow_response(CHUNKED + b"1;", b"e"), id="chunk extension"),
        pytest.param(slow_response(CHUNKED, b"1\r\na\r\n"), id="chunks of one byte"),
        pytest.param(slow_response(CHUNKED + b"0\r\n", b"A: b\r\n"), id="trailers"),
        pytest.param(slow_response(HEAD + b"\r\n<rss>"), id="body"),
        pytest.param(slow_response(HEAD + b"Content-Length: 99999\r\n\r\n<rss>"), id="body with a length"),
        pytest.param(slow_response(HEAD + b"Content-Encoding: gzip\r\n\r\n" + GZIP_WITH_A_NAME), id="compressed body"),
    ],
)
def test_a_slow_response_ends_at_the_total_timeout(script: Script) -> None:
    with raw_server(script) as server:
        result = failed(fetch(server.url(), environment=fetch_environment(SHORT_TOTAL)))
    assert (result.kind, result.detail) == TOTAL_TIMEOUT


def test_the_slow_page_of_an_http_error_does_not_replace_the_error() -> None:
    with raw_server(slow_response(b"HTTP/1.1 403 Forbidden\r\n\r\n<html>")) as server:
        result = failed(fetch(server.url(), environment=fetch_environment(SHORT_TOTAL)))
    assert (result.kind, result.status) == (FeedError.FORBIDDEN, 403)


@pytest.mark.parametrize("at_once", [b"", HEAD, HEAD + b"\r\n<rss>"], ids=["nothing", "headers", "body"])
def test_the_total_timeout_ends_a_longer_read_timeout(at_once: bytes) -> None:
    def script(conversation: Conversation) -> None:
        conversation.read_request()
        conversation.send(at_once)
        conversation.wait_for_close()

    with raw_server(script) as server:
        result = failed(fetch(server.url(), environment=fetch_environment(SHORT_TOTAL)))
    assert (result.kind, result.detail) == TOTAL_TIMEOUT


def test_a_server_that_sends_nothing_is_given_up_at_the_read_timeout() -> None:
    with raw_server(Conversation.wait_for_close) as server:
        result = failed(fetch(server.url(), environment=fetch_environment(Timeouts(60.0, 60.0, 0.2))))
    assert (result.kind, result.detail) == (FeedError.TIMEOUT, "timed out after 0.2 s waiting for data from 127.0.0.1")


def test_a_slow_tls_handshake_ends_at_the_connect_timeout() -> None:
    def script(conversation: Conversation) -> None:
        conversation.send(b"\x16\x03\x03\x40\x00")  # the head of a TLS record of 16 KiB
        conversation.send_slowly(b"\x02")

    with raw_server(script) as server:
        environment = fetch_environment(Timeouts(60.0, 0.3, 60.0))
        result = failed(fetch(server.url(scheme="https"), environment=environment))
    assert (result.kind, result.detail) == (FeedError.TIMEOUT, "timed out after 0.3 s connecting to 127.0.0.1")


def test_a_dns_lookup_without_a_response_ends_at_the_connect_timeout() -> None:
    test_is_over = threading.Event()

    def resolver(name: str) -> Sequence[str]:
        test_is_over.wait()
        return ["127.0.0.1"]

    environment = fetch_environment(Timeouts(60.0, 0.2, 60.0), resolver)
    try:
        result = failed(fetch("http://slow.example/feed", environment=environment))
    finally:
        test_is_over.set()
    assert (result.kind, result.detail) == (FeedError.TIMEOUT, "timed out after 0.2 s looking up slow.example")


@dataclass
class SimulatedTime:
    """Stands in for the time module; the server of a test moves it."""

    now: float = 0.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def simulated_time(monkeypatch: pytest.MonkeyPatch) -> SimulatedTime:
    simulated = SimulatedTime()
    monkeypatch.setattr(fetcher, "time", simulated)
    monkeypatch.setattr(requester, "time", simulated)
    monkeypatch.setattr(dialer, "time", simulated)
    return simulated


def slow_server(time: SimulatedTime, seconds: float, response: Callable[[str], str]) -> Script:
    """A server that needs this long for each response. ``response`` makes it from the path of the request."""

    def script(conversation: Conversation) -> None:
        while request := conversation.read_request():
            time.now += seconds
            conversation.send(response(request.split()[1].decode()).encode())

    return script


def test_the_total_timeout_includes_redirects(simulated_time: SimulatedTime) -> None:
    def redirect(path: str) -> str:
        return f"HTTP/1.1 302 Found\r\nLocation: {path}x\r\nContent-Length: 0\r\n\r\n"

    with raw_server(slow_server(simulated_time, 12.0, redirect)) as server:
        result = failed(fetch(server.url(), environment=fetch_environment(Timeouts(30.0, 30.0, 30.0))))
        assert len(server.requests) == 3
    assert (result.kind, result.detail) == (FeedError.TIMEOUT, "timed out after 30 s in total")


def test_each_fetch_on_a_connection_has_the_whole_total_timeout(simulated_time: SimulatedTime) -> None:
    script = slow_server(simulated_time, 20.0, lambda path: "HTTP/1.1 304 Not Modified\r\n\r\n")
    environment = fetch_environment(Timeouts(30.0, 30.0, 30.0))
    with raw_server(script) as server, closing(Fetcher("", True, environment=environment)) as fetcher:
        results = [fetcher.fetch(Feed(server.url(), "f"), Validators('"a"')) for _ in range(4)]
        assert server.connections == 1
    assert all(isinstance(result, NotModified) for result in results), results


def test_a_feed_may_have_its_own_time_limit_and_use_it_all_to_wait_for_data() -> None:
    def script(conversation: Conversation) -> None:
        conversation.read_request()
        waiting.wait(0.3)
        conversation.send(http_response(DOCUMENT))

    waiting = threading.Event()
    impatient = fetch_environment(Timeouts(total=0.1, connect=60.0, read=0.1))
    with raw_server(script) as server:
        assert failed(fetch(server.url(), environment=impatient)).kind is FeedError.TIMEOUT
        assert fetched(fetch(server.url(), environment=impatient, timeout=timedelta(seconds=60))).body == DOCUMENT


def test_the_own_time_limit_of_a_feed_ends_its_fetch() -> None:
    with raw_server(slow_response(CHUNKED)) as server:
        result = failed(fetch(server.url(), timeout=timedelta(seconds=0.4)))
    assert (result.kind, result.detail) == TOTAL_TIMEOUT
