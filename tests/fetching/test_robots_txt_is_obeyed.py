"""The robots.txt of a host is requested once a day, and its rules are obeyed."""

from __future__ import annotations

import pytest

from feedarchive.fetching.problems import FetchProblem
from feedarchive.fetching.result import Failed, Got
from feedarchive.fetching.robots_cache import RobotsCache
from tests.fetching.test_polite_fetcher import PAGE, at, failed, get, paths, seconds
from tests.harness.clock import Clock
from tests.harness.feed_server import Response, feed_server
from tests.harness.polite import polite_fetcher
from tests.harness.raw_server import Conversation, raw_server


def test_a_page_is_fetched_after_robots_txt_and_five_seconds() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.serve("/a", PAGE, "text/html; charset=utf-8")
        result = fetcher.get(at(server, "/a#part"))
        assert result == Got(PAGE, at(server, "/a"), "text/html; charset=utf-8", at(server, "/a"))
        assert paths(server) == ["/robots.txt", "/a"]
        assert seconds(server) == [0, 5]


def test_requests_to_a_host_are_five_seconds_apart_and_robots_txt_is_requested_once() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        for path in ("/a", "/b", "/c"):
            server.serve(path, PAGE)
            fetcher.get(at(server, path))
        fetcher.get(at(server, "/a", "other.example"))
        assert paths(server) == ["/robots.txt", "/a", "/b", "/c", "/robots.txt", "/a"]
        assert seconds(server) == [0, 5, 10, 15, 15, 20]


def test_the_crawl_delay_of_robots_txt_is_kept() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.serve("/robots.txt", b"User-agent: *\nCrawl-delay: 30\n", "text/plain")
        for path in ("/a", "/b"):
            fetcher.get(at(server, path))
        assert seconds(server) == [0, 30, 60]


def test_what_robots_txt_forbids_is_not_requested() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.serve("/robots.txt", b"User-agent: feedarchive\nDisallow: /private/\n", "text/plain")
        server.serve("/private/a", PAGE)
        result = failed(fetcher.get(at(server, "/private/a")))
        assert result.reason is FetchProblem.ROBOTS
        assert result.detail == f"{at(server, '/robots.txt')} does not allow Feedarchive to fetch the URL"
        assert paths(server) == ["/robots.txt"]


def test_robots_txt_of_the_target_of_a_redirect_counts() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, feed_server(clock=clock) as other, polite_fetcher(clock) as fetcher:
        server.responses["/a"] = Response(status=302, headers={"Location": at(other, "/b", "other.example")})
        other.serve("/robots.txt", b"User-agent: *\nDisallow: /b\n", "text/plain")
        assert failed(fetcher.get(at(server, "/a"))).reason is FetchProblem.ROBOTS
        assert paths(other) == ["/robots.txt"]


@pytest.mark.parametrize(
    ("status", "reason"),
    [
        (404, None),
        (403, None),
        (401, None),
        (500, FetchProblem.ROBOTS_UNAVAILABLE),
        (503, FetchProblem.ROBOTS_UNAVAILABLE),
        (429, FetchProblem.RATE_LIMITED),
    ],
)
def test_a_robots_txt_with_an_error(status: int, reason: FetchProblem | None) -> None:
    """A status from 400 to 499, except 429, allows every page. After any other error, no page is requested."""
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.responses["/robots.txt"] = Response(b"no", status)
        server.serve("/a", PAGE)
        results = [fetcher.get(at(server, "/a")) for _ in range(2)]
        assert [result.reason if isinstance(result, Failed) else None for result in results] == [reason] * 2
        assert paths(server) == (["/robots.txt"] if reason else ["/robots.txt", "/a", "/a"])


def test_a_robots_txt_that_redirects_for_ever_allows_everything() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.responses["/robots.txt"] = Response(status=302, headers={"Location": "/robots.txt"})
        server.serve("/a", PAGE)
        assert isinstance(fetcher.get(at(server, "/a")), Got)
        assert paths(server) == ["/robots.txt"] * 6 + ["/a"]


def test_a_robots_txt_that_does_not_end_is_not_read_to_its_end() -> None:
    def script(conversation: Conversation) -> None:
        conversation.read_request()
        conversation.send(b"HTTP/1.1 200 OK\r\n\r\n")
        conversation.send_endlessly(b"# more\n" * 10_000)

    with raw_server(script) as server:
        result = get(server.url("/a"))
    assert (result.reason, len(server.requests)) == (FetchProblem.ROBOTS_UNAVAILABLE, 1)


def test_robots_txt_is_found_through_redirects_and_cached_for_a_day() -> None:
    clock, cache = Clock(), RobotsCache()
    with feed_server(clock=clock) as server:
        server.responses["/robots.txt"] = Response(status=301, headers={"Location": "/moved.txt"})
        server.serve("/moved.txt", b"User-agent: *\nDisallow: /a\n", "text/plain")
        for hours in (0, 23, 2):
            clock.move(hours=hours)
            with polite_fetcher(clock, cache) as fetcher:
                assert failed(fetcher.get(at(server, "/a"))).reason is FetchProblem.ROBOTS
        assert paths(server) == ["/robots.txt", "/moved.txt"] * 2
        assert list(cache.valid(clock())) == [at(server, "/robots.txt")]
