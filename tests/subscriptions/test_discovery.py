"""Finding the feeds at a URL over HTTP on loopback: each form of discovery, and its errors."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime
from email.utils import format_datetime

import pytest

from feedarchive.parsing.pool import ParserPool, shared_parser_pool
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.requester import FetchEnvironment
from feedarchive.subscriptions.discovery import MAX_FETCHED, Discovery, Finder
from feedarchive.subscriptions.feed_summary import FeedRisk
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, RecordedRequest, Response, feed_server

NOW = datetime(2025, 12, 25, 10, tzinfo=UTC)
POSTS = rss(*(Item(f"Post {n}", f"https://example.org/{n}", f"g{n}") for n in range(6)), title="Posts")
NOTES = rss(*(Item(f"Note {n}", f"https://example.org/notes/{n}", f"n{n}") for n in range(3)), title="Notes")
COMMENTS = rss(Item("Re: Post 1", "https://example.org/1#c", "c1"), title="Comments on Posts")
ATOM = (
    '<feed xmlns="http://www.w3.org/2005/Atom"><title>Posts (Atom)</title><id>x</id>'
    + "".join(
        f'<entry><id>a{n}</id><title>Post {n}</title><link href="https://example.org/{n}"/></entry>' for n in range(6)
    )
    + "</feed>"
).encode()
JSON_FEED = (
    b'{"version":"https://jsonfeed.org/version/1.1","title":"Json","items":[{"id":"1","url":"https://example.org/j",'
    b'"content_text":"x"}]}'
)


@pytest.fixture(scope="module")
def parsers() -> ParserPool:
    return shared_parser_pool()


@pytest.fixture
def finder(parsers: ParserPool) -> Iterator[Finder]:
    with closing(Fetcher(allow_private_addresses=True)) as fetcher:
        yield Finder(fetcher, parsers, lambda: NOW)


def page(server: FeedServer, path: str, html: str) -> str:
    return server.serve(path, f"<!doctype html><html>{html}".encode(), "text/html; charset=utf-8")


def link(href: str, title: str = "", kind: str = "application/rss+xml") -> str:
    return f'<link rel="alternate" type="{kind}" href="{href}" title="{title}">'


def paths(found: Discovery, server: FeedServer) -> list[str]:
    return [feed.url.removeprefix(server.url("")) for feed in found.feeds]


@pytest.mark.parametrize("document", [POSTS, ATOM, JSON_FEED], ids=["RSS", "Atom", "JSON"])
def test_the_url_of_a_feed(finder: Finder, server: FeedServer, document: bytes) -> None:
    url = server.serve("/feed", document)
    found = finder.find(url)
    assert (paths(found, server), found.page, found.problem) == (["/feed"], "", "")
    assert [request.path for request in server.requests] == ["/feed"]


@pytest.mark.parametrize("form", ["{}", "feed://{}", "feed:http://{}", "http://{}/", "HTTP://{}"])
def test_without_a_scheme_or_with_that_of_feed_readers(finder: Finder, server: FeedServer, form: str) -> None:
    server.serve("/", POSTS)
    found = finder.find(form.format(f"{server.host}:{server.port}"))
    assert found.feeds[0].url.startswith("http://") or found.feeds[0].url.startswith("HTTP://")
    assert found.feeds[0].title == "Posts"


def test_a_page_that_declares_its_feeds_in_head_and_body(finder: Finder, server: FeedServer) -> None:
    server.serve("/comments", COMMENTS)
    server.serve("/rss", POSTS)
    server.serve("/notes", NOTES)
    server.serve("/atom", ATOM)
    html = (
        f"<head>{link('/comments', 'Comments')}{link('rss')}</head><body>{link('/atom', kind='application/atom+xml')}"
    )
    found = finder.find(page(server, "/", html + link(server.url("/notes"))))
    # A feed that repeats the articles of another comes after the other feeds. Feeds of comments come last.
    assert paths(found, server) == ["/rss", "/notes", "/atom", "/comments"]
    assert [(feed.title, feed.is_for_comments, bool(feed.same_as)) for feed in found.feeds] == [
        ("Posts", False, False),
        ("Notes", False, False),
        ("Posts (Atom)", False, True),
        ("Comments on Posts", True, False),
    ]
    assert found.page == server.url("/")
    assert found.feeds[0].summary.entries == 6


def test_a_page_whose_feed_is_only_an_ordinary_link(finder: Finder, server: FeedServer) -> None:
    server.serve("/blog/feed.xml", POSTS)
    found = finder.find(page(server, "/blog/", '<a href="feed.xml">RSS</a> <a href="/about">About</a>'))
    assert paths(found, server) == ["/blog/feed.xml"]


@pytest.mark.parametrize(
    "path", ["/feed", "/feed.xml", "/rss", "/atom.xml", "/index.xml", "/feed.json", "/blog/rss.xml"]
)
def test_a_page_that_declares_no_feed_but_has_one_at_a_common_path(
    finder: Finder, server: FeedServer, path: str
) -> None:
    server.serve(path, JSON_FEED if path.endswith("json") else POSTS)
    found = finder.find(page(server, "/blog/", "<p>Welcome</p>"))
    assert paths(found, server) == [path]
    assert len(server.requests) <= 17
    assert len({request.path for request in server.requests}) == len(server.requests)


def test_a_page_without_a_feed(finder: Finder, server: FeedServer) -> None:
    found = finder.find(page(server, "/x.html", "<p>Welcome</p>"))
    assert found.feeds == ()
    assert found.problem == (
        f"{server.url('/x.html')}: no feed there (the server sent an HTML page, not a feed); the page links to "
        "no feed, and usual paths such as /feed.xml have none"
    )


def test_a_page_that_answers_every_path_with_itself_has_no_feed(finder: Finder, server: FeedServer) -> None:
    for path in ("/", "/feed", "/rss"):
        page(server, path, "<p>Not found</p>")
    assert finder.find(server.url("/")).feeds == ()


def test_a_login_page(finder: Finder, server: FeedServer) -> None:
    server.responses["/feed"] = Response(status=302, headers={"Location": "/login?next=/feed"})
    page(server, "/login?next=/feed", '<form><input type="password"></form>')
    found = finder.find(server.url("/feed"))
    assert found.problem == (
        f"{server.url('/feed')} leads to {server.url('/login?next=/feed')}, which asks for a login, and no feed was "
        "found there: log in with a browser and copy the feed's URL"
    )


def test_errors_of_the_server_are_reported(finder: Finder, server: FeedServer) -> None:
    server.responses["/private"] = Response(b"no", 401)
    assert (
        finder.find(server.url("/private")).problem
        == f"{server.url('/private')}: HTTP 401 Unauthorized: a login is required"
    )
    assert "404" in finder.find(server.url("/missing")).problem
    assert "https://no-such-host.invalid: the host name" in finder.find("no-such-host.invalid").problem


@pytest.mark.parametrize(("status", "url"), [(301, "/new"), (308, "/new"), (302, "/old"), (307, "/old")])
def test_a_redirect_to_another_feed(finder: Finder, server: FeedServer, status: int, url: str) -> None:
    """After a permanent redirect, the user subscribes to the new URL, else to the old one."""
    server.responses["/old"] = Response(status=status, headers={"Location": "/new"})
    server.serve("/new", POSTS)
    (feed,) = finder.find(server.url("/old")).feeds
    assert (feed.url, feed.response.url) == (server.url(url), server.url("/new"))


def test_two_links_that_lead_to_one_feed_are_one(finder: Finder, server: FeedServer) -> None:
    server.responses["/old"] = Response(status=302, headers={"Location": "/new"})
    server.serve("/new", POSTS)
    assert paths(finder.find(page(server, "/", link("/new") + link("/old"))), server) == ["/new"]


def test_of_a_page_with_300_feeds_a_few_are_fetched(finder: Finder, server: FeedServer) -> None:
    for number in range(300):
        server.serve(
            f"/f{number}", rss(Item(f"Only {number}", f"https://example.org/f{number}"), title=f"Feed {number}")
        )
    found = finder.find(page(server, "/", "".join(link(f"/f{n}", f"Title {n}") for n in range(300))))
    assert [feed.title for feed in found.feeds] == [f"Feed {n}" for n in range(MAX_FETCHED)]
    assert [each.title for each in found.not_fetched] == [f"Title {n}" for n in range(MAX_FETCHED, 300)]
    assert len(server.requests) == MAX_FETCHED + 1


def test_a_declared_feed_that_fails_is_reported(finder: Finder, server: FeedServer) -> None:
    assert finder.find(page(server, "/", link("/gone"))).problem == (
        f"{server.url('/')} declares one feed, {server.url('/gone')}, which could not be read: HTTP 404 Not Found"
    )
    server.serve("/good", POSTS)
    found = finder.find(page(server, "/", link("/gone") + link("/good")))
    assert (paths(found, server), [url for url, _ in found.failed]) == (["/good"], [server.url("/gone")])


def test_a_server_that_rate_limits_gets_no_further_request(finder: Finder, server: FeedServer) -> None:
    server.responses["/a"] = Response(b"slow down", 429)
    finder.find(page(server, "/", link("/a") + link("/b") + link("/c")))
    assert [request.path for request in server.requests] == ["/", "/a"]


def test_no_candidate_reaches_a_private_address(parsers: ParserPool, server: FeedServer) -> None:
    """A page must not make this program connect to the network it runs in."""
    public = FetchEnvironment(is_allowed_address=lambda address: address == server.host)
    with feed_server("127.0.0.2") as inside, closing(Fetcher(environment=public)) as fetcher:
        inside.serve("/feed", POSTS)
        server.responses["/hop"] = Response(status=302, headers={"Location": inside.url("/feed")})
        html = (
            link(inside.url("/feed")) + link("http://169.254.169.254/latest") + link("http://[::1]/feed") + link("/hop")
        )
        found = Finder(fetcher, parsers, lambda: NOW).find(page(server, "/", html))
        assert (found.feeds, len(found.failed), inside.requests) == ((), 4, [])
        assert all("has no public IP address" in why for _, why in found.failed)
        assert "has no public IP address" in Finder(fetcher, parsers, lambda: NOW).find(inside.url("/feed")).problem
        assert inside.requests == []


def test_a_feed_with_a_clock_in_its_texts_is_noticed(finder: Finder, server: FeedServer) -> None:
    requests: list[RecordedRequest] = []

    def clocked(request: RecordedRequest) -> Response:
        requests.append(request)
        now = format_datetime(NOW) + str(len(requests))
        items = [Item(f"Post {n}", f"https://example.org/{n}", f"g{n}", f"Words at {now}.") for n in range(5)]
        return Response(rss(*items), headers={"ETag": f'"{len(requests)}"'})

    server.responses["/feed"] = clocked
    (feed,) = finder.find(server.url("/feed")).feeds
    assert FeedRisk.CHANGES in finder.with_changes(feed).summary.risks
    assert requests[1].headers["If-None-Match"] == '"1"'
    server.serve("/still", POSTS, ETag='"x"')
    (still,) = finder.find(server.url("/still")).feeds
    assert FeedRisk.CHANGES not in finder.with_changes(still).summary.risks


def test_a_hostile_page_ends(finder: Finder, server: FeedServer) -> None:
    assert finder.find(page(server, "/", "<link " * 10_000 + "<!--" * 10_000)).feeds == ()
    assert finder.find(server.serve("/bomb", b"<html>" * 20_000)).feeds == ()
