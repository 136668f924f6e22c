"""Redirects: how many and which ones are followed, which headers the target gets, and what is permanent."""

from __future__ import annotations

import gzip
import tracemalloc
from contextlib import closing

import pytest

from feedarchive.feeds.feed import Feed
from feedarchive.polling.custom_headers import is_same_origin
from feedarchive.polling.redirect_target import InvalidRedirect, redirect_target
from feedarchive.polling.results import NotModified
from feedarchive.problems import FeedError
from tests.harness.feed_server import FeedServer, Response, feed_server
from tests.harness.raw_server import http_response, raw_server
from tests.unit.polling.fetching import DOCUMENT, failed, fetch, fetched, local_fetcher


def redirect(server: FeedServer, path: str, to: str, status: int = 302) -> str:
    server.responses[path] = Response(status=status, headers={"Location": to})
    return server.url(path)


def chain(server: FeedServer, *statuses: int) -> str:
    """/0 redirects to /1 and so on, and the last of them is a document."""
    for number, status in enumerate(statuses):
        redirect(server, f"/{number}", f"/{number + 1}", status)
    server.serve(f"/{len(statuses)}", DOCUMENT)
    return server.url("/0")


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_each_kind_of_redirect_is_followed(server: FeedServer, status: int) -> None:
    assert fetched(fetch(chain(server, status))).url == server.url("/1")


@pytest.mark.parametrize(("target", "problem"), [("/0", "redirect loop: {}"), ("/0?{}", "more than 5 redirects")])
@pytest.mark.parametrize("cookie", [{"Set-Cookie": "seen=1"}, {}])
def test_a_server_that_expects_its_cookies_back_is_named(
    server: FeedServer, target: str, problem: str, cookie: dict[str, str]
) -> None:
    server.responses = {
        target.format(n) if n else "/0": Response(status=302, headers={"Location": target.format(n + 1), **cookie})
        for n in range(9)
    }
    expected = problem.format(server.url("/0"))
    if cookie:
        expected += "; the server expects cookies, which are not sent: use another URL"
    assert failed(fetch(server.url("/0"))).detail == expected


@pytest.mark.parametrize("status", [300, 304, 305, 306, 399])
def test_no_other_status_is_a_redirect(server: FeedServer, status: int) -> None:
    result = failed(fetch(redirect(server, "/0", "/1", status)))
    assert (result.kind, result.status) == (FeedError.HTTP, status)
    assert len(server.requests) == 1


@pytest.mark.parametrize(
    ("statuses", "moved"),
    [
        ((), False),
        ((301,), True),
        ((308,), True),
        ((302,), False),
        ((307,), False),
        ((301, 308, 301), True),
        ((301, 302), False),
        ((302, 301), False),
        ((301, 303, 301), False),
    ],
)
def test_only_a_chain_of_permanent_redirects_moves_a_feed(
    server: FeedServer, statuses: tuple[int, ...], moved: bool
) -> None:
    result = fetched(fetch(chain(server, *statuses)))
    assert (result.moved_permanently, result.url) == (moved, server.url(f"/{len(statuses)}"))


def test_a_304_after_a_permanent_redirect_has_moved(server: FeedServer) -> None:
    redirect(server, "/old", "/new", 301)
    server.serve("/new", DOCUMENT, ETag='"a"')
    result = fetch(server.url("/old"), '"a"', validators_url=server.url("/new"))
    assert result == NotModified('"a"', "", None, server.url("/new"), moved_permanently=True)


def test_five_redirects_are_followed_and_six_are_not(server: FeedServer) -> None:
    fetched(fetch(chain(server, *[302] * 5)))
    server.requests.clear()
    result = failed(fetch(chain(server, *[302] * 6)))
    assert (result.kind, result.detail) == (FeedError.REDIRECTS, "more than 5 redirects")
    assert len(server.requests) == 6


@pytest.mark.parametrize("path", ["/0", "?", "#here", "."])
def test_a_redirect_to_the_same_url_is_a_loop(server: FeedServer, path: str) -> None:
    url = redirect(server, "/0", "/0" if path == "." else path if path != "?" else "0", 301)
    result = failed(fetch(url))
    assert (result.kind, result.detail) == (FeedError.REDIRECTS, f"redirect loop: {url}")
    assert len(server.requests) == 1


def test_a_loop_is_an_error(server: FeedServer) -> None:
    redirect(server, "/a", "/b")
    redirect(server, "/b", "/c")
    redirect(server, "/c", "/b")
    result = failed(fetch(server.url("/a")))
    assert result.detail == f"redirect loop: {server.url('/b')}"


def test_a_redirect_without_a_location_is_an_http_error(server: FeedServer) -> None:
    server.responses["/0"] = Response(status=302)
    result = failed(fetch(server.url("/0")))
    assert (result.kind, result.detail, result.status) == (FeedError.HTTP, "HTTP 302 Found", 302)


def test_the_body_and_cookies_of_a_redirect_are_ignored() -> None:
    location = http_response(status="302 Found", Location="/there", Content_Length="1000000000", Set_Cookie="a=b")
    with raw_server(location) as server:
        failed(fetch(server.url()))
        assert not any(b"cookie" in request.lower() or b"referer" in request.lower() for request in server.requests)


def test_the_compressed_body_of_a_redirect_is_not_decompressed_by_requests() -> None:
    bomb = gzip.compress(bytes(30 * 2**20))
    target = http_response(DOCUMENT)
    with raw_server(target) as server:
        location = http_response(bomb, "302 Found", Location=server.url("/there"), Content_Encoding="gzip")
        with raw_server(location) as first:
            tracemalloc.start()
            fetched(fetch(first.url()))
            _, peak = tracemalloc.get_traced_memory()
            tracemalloc.stop()
    assert peak < 10 * 2**20


@pytest.mark.parametrize(
    ("location", "target"),
    [
        ("/b", "https://example.org/b"),
        ("b?c=d", "https://example.org/a/b?c=d"),
        ("//example.net/b", "https://example.net/b"),
        ("http://example.net", "http://example.net"),
        ("HTTP://EXAMPLE.NET/B", "HTTP://EXAMPLE.NET/B"),
        ("  /b \t", "https://example.org/b"),
        ("/b#fragment", "https://example.org/b"),
        ("/b c", "https://example.org/b c"),
        ("/\xc3\xa4", "https://example.org/ä"),  # UTF-8, which http.client decodes as Latin-1
        ("/\xe4", "https://example.org/%E4"),  # not UTF-8: sent back byte for byte
        ("/\x00\x1b[31m", "https://example.org/[31m"),
        ("https://user:secret@example.net/b", "https://example.net/b"),
        ("?page=2", "https://example.org/a/feed?page=2"),
        ("../b", "https://example.org/b"),
        ("https:/b", "https://example.org/b"),
    ],
)
def test_the_target_of_a_location(location: str, target: str) -> None:
    assert redirect_target("https://user:secret@example.org/a/feed", location) == target


@pytest.mark.parametrize(
    "location",
    [
        "http://",
        "http://[::1",
        "http://example.org:port/",
        "http://a]b/",
        "/" + "b" * 9000,
        "mailto:a@b.c",
    ],
)
def test_an_invalid_location(location: str) -> None:
    with pytest.raises(InvalidRedirect, match=r"redirect to .*which is not (a valid|an http\(s\)) URL"):
        redirect_target("https://example.org/feed", location)


@pytest.mark.parametrize(
    ("own", "other", "allowed"),
    [
        ("https://example.org/a", "https://example.org/b", True),
        ("https://example.org/a", "https://EXAMPLE.org:443/b", True),
        ("http://example.org/a", "https://example.org/a", True),
        ("http://example.org:80/a", "https://example.org:443/a", True),
        ("https://example.org/a", "http://example.org/a", False),
        ("http://example.org:8080/a", "https://example.org/a", False),
        ("http://example.org/a", "https://example.org:8443/a", False),
        ("https://example.org/a", "https://example.org:8443/a", False),
        ("https://example.org/a", "https://www.example.org/a", False),
        ("https://example.org/a", "https://example.org.evil.net/a", False),
        ("https://example.org/a", "https://example.org@evil.net/a", False),
        ("https://example.org/a", "https://evil.net/example.org", False),
        ("https://u:p@example.org/a", "https://example.org/a", True),
        ("https://example.org/a", "https://example.org:x/a", False),
    ],
)
def test_custom_headers_are_sent_to_the_feeds_origin(own: str, other: str, allowed: bool) -> None:
    assert is_same_origin(own, other) is allowed


def test_secrets_are_not_sent_to_other_hosts_of_a_redirect_chain(server: FeedServer) -> None:
    with feed_server() as other_host:
        redirect(server, "/0", "/1")
        redirect(server, "/1", other_host.url("/2"))
        redirect(other_host, "/2", server.url("/3"))
        server.serve("/3", DOCUMENT)
        url = server.url("/0").replace("//", "//alice:secret@")
        fetched(fetch(url, headers={"X-Key": "k"}, user_agent="Mine/1"))
        (request_elsewhere,) = other_host.requests
    assert not {"Authorization", "X-Key", "Cookie", "Referer"} & set(request_elsewhere.headers)
    assert request_elsewhere.headers["User-Agent"] == "Mine/1"
    assert [request.headers.get("X-Key") for request in server.requests] == ["k", "k", "k"]
    assert all(request.headers["Authorization"] == "Basic YWxpY2U6c2VjcmV0" for request in server.requests)


def test_secrets_are_not_sent_to_the_new_url_of_a_feed(server: FeedServer) -> None:
    server.serve("/moved", DOCUMENT)
    feed = Feed("http://alice:secret@old.example/feed", "f", headers={"X-Key": "k"})
    with closing(local_fetcher()) as fetcher:
        fetched(fetcher.fetch(feed, at=server.url("/moved")))
    assert not {"Authorization", "X-Key"} & set(server.requests[0].headers)


@pytest.mark.parametrize("target", [False, True])
def test_validators_are_sent_only_to_the_url_they_are_from(server: FeedServer, target: bool) -> None:
    url = redirect(server, "/old", "/new", 302)
    fetch(url, '"a"', "yesterday", validators_url=server.url("/new") if target else "")
    sent = [(each.headers.get("If-None-Match"), each.headers.get("If-Modified-Since")) for each in server.requests]
    assert sent == ([(None, None), ('"a"', "yesterday")] if target else [('"a"', "yesterday"), (None, None)])
