"""Fetch pages from real servers: the gap between requests, limits, secrets and failures."""

from __future__ import annotations

import tempfile
from datetime import timedelta
from urllib.parse import quote

import pytest

from feedarchive.feeds.feed import Feed
from feedarchive.fetching.polite_fetcher import PoliteFetcher
from feedarchive.fetching.problems import FetchProblem
from feedarchive.fetching.result import Failed, Got
from feedarchive.polling.transport_errors import Timeouts
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.feed_server import FeedServer, Response, feed_server
from tests.harness.polite import on_this_machine, polite_fetcher
from tests.harness.raw_server import Conversation, http_response, raw_server

PAGE = b"<html><body><p>A page.</p></body></html>"


def at(server: FeedServer, path: str, host: str = "news.example") -> str:
    return f"http://{host}:{server.port}{path}"


def paths(server: FeedServer) -> list[str]:
    return [request.path for request in server.requests]


def seconds(server: FeedServer) -> list[float]:
    """When each request arrived, in seconds since CHRISTMAS."""
    return [(request.at - CHRISTMAS).total_seconds() for request in server.requests if request.at]


def failed(result: Got | Failed) -> Failed:
    assert isinstance(result, Failed)
    return result


def get(url: str, **settings: object) -> Failed:
    """Fetch a URL that cannot be fetched, and return the failure."""
    with polite_fetcher(Clock(), **settings) as fetcher:  # type: ignore[arg-type]
        return failed(fetcher.get(url))


def test_no_cookies_are_sent() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.responses["/a"] = Response(status=302, headers={"Location": "/b", "Set-Cookie": "a=b"})
        server.serve("/b", PAGE)
        fetcher.get(at(server, "/a"))
        assert not [request for request in server.requests if "Cookie" in request.headers]


def test_a_link_to_a_private_address() -> None:
    assert get("http://192.168.1.1/router").reason is FetchProblem.PRIVATE_ADDRESS


@pytest.mark.parametrize("link", ["", "mailto:me@example.org", "http://", "http://[", "javascript:alert(1)", "/a"])
def test_a_link_that_is_not_an_http_url(link: str) -> None:
    assert get(link).detail == "the link is not an http(s) URL"


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (401, FetchProblem.LOGIN),
        (402, FetchProblem.PAYWALL),
        (403, FetchProblem.FORBIDDEN),
        (404, FetchProblem.GONE),
        (410, FetchProblem.GONE),
        (418, FetchProblem.HTTP),
        (429, FetchProblem.RATE_LIMITED),
        (500, FetchProblem.SERVER_ERROR),
        (204, FetchProblem.EMPTY),
        (200, FetchProblem.EMPTY),
    ],
)
def test_a_response_without_a_page(status: int, reason: FetchProblem) -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.responses["/a"] = Response(b"", status)
        result = failed(fetcher.get(at(server, "/a")))
        assert (result.reason, result.status) == (reason, status)


def test_a_challenge_page() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.responses["/a"] = Response(b"<script src=/cdn-cgi/challenge-platform/x>", 403)
        result = failed(fetcher.get(at(server, "/a")))
        assert (result.reason, result.detail) == (
            FetchProblem.CHALLENGE,
            "HTTP 403 Forbidden: a challenge page of Cloudflare",
        )


def test_a_host_that_asks_to_wait_gets_no_further_request() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.responses["/a"] = Response(b"", 429, {"Retry-After": "7200"})
        results = [failed(fetcher.get(at(server, path))).reason for path in ("/a", "/b")]
        assert results == [FetchProblem.RATE_LIMITED, FetchProblem.OUT_OF_TIME]
        assert paths(server) == ["/robots.txt", "/a"]


def test_a_page_that_is_said_to_be_too_large_is_not_read() -> None:
    def script(conversation: Conversation) -> None:
        while request := conversation.read_request():
            if b"robots" in request:
                conversation.send(http_response(b"", "404 Not Found"))
            else:
                conversation.send(b"HTTP/1.1 200 OK\r\nContent-Length: 1073741824\r\n\r\n")
                conversation.wait_for_close()

    with raw_server(script) as server:
        result = get(server.url("/a"))
    assert (result.reason, result.detail) == (FetchProblem.TOO_LARGE, "the response is larger than 10 MiB")


def test_an_endless_page_is_not_read_to_its_end() -> None:
    sent = 0

    def script(conversation: Conversation) -> None:
        nonlocal sent
        while request := conversation.read_request():
            if b"robots" in request:
                conversation.send(http_response(b"", "404 Not Found"))
                continue
            conversation.send(b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n")
            for _ in range(1024):  # 1 GiB
                conversation.send(b"<p>more</p>" * 95325)
                sent += 1

    with raw_server(script) as server:
        assert get(server.url("/a")).reason is FetchProblem.TOO_LARGE
    assert sent < 64  # MiB; the system buffers some


def test_a_page_that_is_too_slow() -> None:
    def script(conversation: Conversation) -> None:
        while request := conversation.read_request():
            if b"robots" in request:
                conversation.send(http_response(b"", "404 Not Found"))
            else:
                conversation.wait_for_close()

    clock = Clock()
    with raw_server(script) as server:
        result = get(server.url("/a"), settings=on_this_machine(clock, Timeouts(0.3, 0.3, 0.3)))
    assert result.reason is FetchProblem.TOO_SLOW


def test_a_truncated_page_is_a_failure() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.responses["/a"] = Response(PAGE, headers={"Content-Length": "9999"})
        assert failed(fetcher.get(at(server, "/a"))).reason is FetchProblem.CONNECTION


def test_a_body_can_be_written_to_a_file() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher, tempfile.TemporaryFile() as file:
        server.serve("/a.mp3", b"sound" * 100_000, "audio/mpeg")
        result = fetcher.get(at(server, "/a.mp3"), "audio/*", 10**6, into=file)
        assert isinstance(result, Got)
        assert (result.body, file.tell()) == (b"", 500_000)
        file.seek(0)
        assert file.read() == b"sound" * 100_000


def test_the_headers_of_a_feed_go_to_its_own_origin_only() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, feed_server(clock=clock) as other, polite_fetcher(clock) as fetcher:
        feed = Feed(at(server, "/feed?token=abcdef"), "f", headers={"X-Key": "swordfish"}, user_agent="Mine/1")
        server.responses["/a"] = Response(status=302, headers={"Location": at(other, "/b", "other.example")})
        other.serve("/b", PAGE)
        assert isinstance(fetcher.get(at(server, "/a"), feed=feed), Got)
        assert [request.headers.get("X-Key") for request in server.requests] == [None, "swordfish"]
        assert [request.headers.get("X-Key") for request in other.requests] == [None, None]
        assert server.requests[1].headers["User-Agent"] == "Mine/1"
        assert server.requests[0].headers["User-Agent"].startswith("Feedarchive/")


def test_a_login_in_a_link_is_not_sent_and_a_token_is_not_shown() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.serve("/a?token=abcdef", PAGE)
        url = at(server, "/a?token=abcdef")
        result = fetcher.get(url.replace("http://", "http://me:word@"))
        assert isinstance(result, Got)
        assert (result.url, result.private_url) == (at(server, "/a?token=***"), url)
        assert not [request for request in server.requests if "Authorization" in request.headers]


def test_a_link_of_google_is_unwrapped() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.serve("/a", PAGE)
        link = f"https://www.google.com/url?rct=j&sa=t&url={quote(at(server, '/a'))}&ct=ga"
        assert isinstance(fetcher.get(link), Got)


def test_the_accept_header_and_the_limit_are_those_of_the_call() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.serve("/a.png", b"x" * 100, "image/png")
        assert failed(fetcher.get(at(server, "/a.png"), "image/*", 99)).detail == "the response is larger than 99 bytes"
        assert isinstance(fetcher.get(at(server, "/a.png"), "image/*", 100), Got)
        assert server.requests[1].headers["Accept"] == "image/*"


def test_nothing_is_requested_after_the_deadline() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock, limit=timedelta(seconds=2)) as fetcher:
        result = fetcher.get(at(server, "/a"))
        assert failed(result).reason is FetchProblem.OUT_OF_TIME
        assert paths(server) == ["/robots.txt"]


def test_the_pages_of_a_host_come_over_one_connection() -> None:
    clock = Clock()

    def page(fetcher: PoliteFetcher, url: str) -> None:
        assert isinstance(fetcher.get(url), Got)

    def script(conversation: Conversation) -> None:
        while conversation.read_request():
            conversation.send(http_response(b"User-agent: x\n"))

    with raw_server(script) as server, polite_fetcher(clock) as fetcher:
        for _ in range(3):
            page(fetcher, server.url("/a"))
        assert server.connections == 2  # robots.txt has another limit, and so a session of its own
