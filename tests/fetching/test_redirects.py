"""Redirects of pages: each one waits like any other request. Private addresses and endless redirects are errors."""

from __future__ import annotations

import pytest

from feedarchive.fetching.problems import FetchProblem
from feedarchive.fetching.result import Got
from tests.fetching.test_polite_fetcher import PAGE, at, failed, paths, seconds
from tests.harness.clock import Clock
from tests.harness.feed_server import RecordedRequest, Response, feed_server
from tests.harness.polite import polite_fetcher


def test_each_redirect_waits_for_its_turn() -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.responses["/a"] = Response(status=301, headers={"Location": "/b"})
        server.serve("/b", PAGE)
        result = fetcher.get(at(server, "/a"))
        assert isinstance(result, Got)
        assert result.url == at(server, "/b")
        assert (paths(server), seconds(server)) == (["/robots.txt", "/a", "/b"], [0, 5, 10])


def test_redirects_that_do_not_end() -> None:
    clock = Clock()

    def onwards(request: RecordedRequest) -> Response:
        return Response(status=302, headers={"Location": f"{request.path}x", "Set-Cookie": "a=b"})

    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.responses["/loop"] = Response(status=302, headers={"Location": "/loop"})
        server.responses |= {"/a" + "x" * length: onwards for length in range(20)}
        loop, endless = failed(fetcher.get(at(server, "/loop"))), failed(fetcher.get(at(server, "/a")))
        assert loop.reason is endless.reason is FetchProblem.REDIRECTS
        assert loop.detail == f"redirect loop: {at(server, '/loop')}"
        assert endless.detail == "more than 5 redirects; the server expects cookies, which are not sent"
        assert len(server.requests) == 1 + 1 + 6


@pytest.mark.parametrize(
    ("target", "reason"),
    [
        ("http://10.0.0.1/", FetchProblem.PRIVATE_ADDRESS),
        ("http://[::1]/", FetchProblem.PRIVATE_ADDRESS),
        ("http://0x7f.2/", FetchProblem.PRIVATE_ADDRESS),
        ("ftp://example.org/a", FetchProblem.REDIRECTS),
        ("file:///etc/passwd", FetchProblem.REDIRECTS),
    ],
)
def test_a_redirect_to_what_is_not_on_the_internet(target: str, reason: FetchProblem) -> None:
    clock = Clock()
    with feed_server(clock=clock) as server, polite_fetcher(clock) as fetcher:
        server.responses["/a"] = Response(status=302, headers={"Location": target})
        assert failed(fetcher.get(at(server, "/a"))).reason is reason
