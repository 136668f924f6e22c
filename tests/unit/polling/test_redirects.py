"""Redirects: how many, where to, what goes with them, and which of them move a feed."""

from __future__ import annotations

import pytest
from fetching import DOCUMENT, edges, failed, fetch, fetched

from feedarchive.feeds.feed import Feed
from feedarchive.polling.custom_headers import may_receive_custom_headers
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.redirect_target import InvalidRedirect, redirect_target
from feedarchive.polling.results import NotModified
from loopback import Answer, FeedServer, feed_server
from raw_server import http_answer, raw_server


def redirect(server: FeedServer, path: str, to: str, status: int = 302) -> str:
    server.answers[path] = Answer(status=status, headers={"Location": to})
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


@pytest.mark.parametrize("status", [300, 304, 305, 306, 399])
def test_no_other_status_is_a_redirect(server: FeedServer, status: int) -> None:
    answer = failed(fetch(redirect(server, "/0", "/1", status)))
    assert (answer.kind, answer.status) == ("http", status)
    assert len(server.asked) == 1


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
    answer = fetched(fetch(chain(server, *statuses)))
    assert (answer.moved, answer.url) == (moved, server.url(f"/{len(statuses)}"))


def test_a_feed_that_moved_and_did_not_change_moved_too(server: FeedServer) -> None:
    redirect(server, "/old", "/new", 301)
    server.serve("/new", DOCUMENT, ETag='"a"')
    answer = fetch(server.url("/old"), '"a"')
    assert answer == NotModified('"a"', "", None, server.url("/new"), moved=True)


def test_five_redirects_are_followed_and_six_are_not(server: FeedServer) -> None:
    fetched(fetch(chain(server, *[302] * 5)))
    server.asked.clear()
    answer = failed(fetch(chain(server, *[302] * 6)))
    assert (answer.kind, answer.detail) == ("redirects", "it redirects more than 5 times")
    assert len(server.asked) == 6


@pytest.mark.parametrize("path", ["/0", "?", "#here", "."])
def test_a_redirect_to_itself_is_named(server: FeedServer, path: str) -> None:
    url = redirect(server, "/0", "/0" if path == "." else path if path != "?" else "0", 301)
    answer = failed(fetch(url))
    assert (answer.kind, answer.detail) == ("redirects", f"it redirects in a loop, to {url} again")
    assert len(server.asked) == 1


def test_a_loop_is_named(server: FeedServer) -> None:
    redirect(server, "/a", "/b")
    redirect(server, "/b", "/c")
    redirect(server, "/c", "/b")
    answer = failed(fetch(server.url("/a")))
    assert answer.detail == f"it redirects in a loop, to {server.url('/b')} again"


def test_a_redirect_without_an_address_is_an_answer_like_others(server: FeedServer) -> None:
    server.answers["/0"] = Answer(status=302)
    answer = failed(fetch(server.url("/0")))
    assert (answer.kind, answer.detail, answer.status) == ("http", "the server answers 302 Found", 302)


def test_the_body_of_a_redirect_is_not_waited_for_and_its_cookies_are_not_kept() -> None:
    location = http_answer(status="302 Found", Location="/there", Content_Length="1000000000", Set_Cookie="a=b")
    with raw_server(location) as server:
        failed(fetch(server.url()))
        assert not any(b"cookie" in asked.lower() or b"referer" in asked.lower() for asked in server.asked)


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
        ("/\xc3\xa4", "https://example.org/ä"),  # UTF-8, as HTTP hands it over
        ("/\xe4", "https://example.org/%E4"),  # Latin-1: nobody knows
        ("/\x00\x1b[31m", "https://example.org/[31m"),
        ("https://user:secret@example.net/b", "https://example.net/b"),
        ("?page=2", "https://example.org/a/feed?page=2"),
        ("../b", "https://example.org/b"),
        ("https:/b", "https://example.org/b"),
    ],
)
def test_where_a_location_leads(location: str, target: str) -> None:
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
def test_a_location_that_leads_nowhere_is_refused(location: str) -> None:
    with pytest.raises(InvalidRedirect, match=r"it redirects to .*which is (no address|not http)"):
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
def test_own_headers_go_to_the_feeds_own_origin(own: str, other: str, allowed: bool) -> None:
    assert may_receive_custom_headers(own, other) is allowed


def test_a_secret_does_not_go_where_a_redirect_leads_but_comes_back_with_it(server: FeedServer) -> None:
    with feed_server() as stranger:
        redirect(server, "/0", "/1")
        redirect(server, "/1", stranger.url("/2"))
        redirect(stranger, "/2", server.url("/3"))
        server.serve("/3", DOCUMENT)
        url = server.url("/0").replace("//", "//alice:secret@")
        fetched(fetch(url, headers={"X-Key": "k"}, user_agent="Mine/1"))
        (abroad,) = stranger.asked
    assert not {"Authorization", "X-Key", "Cookie", "Referer"} & set(abroad.headers)
    assert abroad.headers["User-Agent"] == "Mine/1"
    assert [asked.headers.get("X-Key") for asked in server.asked] == ["k", "k", "k"]
    assert all(asked.headers["Authorization"] == "Basic YWxpY2U6c2VjcmV0" for asked in server.asked)


def test_a_feed_that_is_asked_for_at_another_address_tells_no_secret_there(server: FeedServer) -> None:
    server.serve("/moved", DOCUMENT)
    feed = Feed("http://alice:secret@old.example/feed", "f", headers={"X-Key": "k"})
    with Fetcher(allow_private_addresses=True, edges=edges()) as fetcher:
        fetched(fetcher.fetch(feed, at=server.url("/moved")))
    assert not {"Authorization", "X-Key"} & set(server.asked[0].headers)


def test_validators_go_along(server: FeedServer) -> None:
    fetch(chain(server, 302), '"a"', "yesterday")
    assert [asked.headers["If-None-Match"] for asked in server.asked] == ['"a"', '"a"']
    assert [asked.headers["If-Modified-Since"] for asked in server.asked] == ["yesterday", "yesterday"]
