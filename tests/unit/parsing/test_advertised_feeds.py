"""The feeds that an HTML page advertises, for people who subscribed to the page."""

from __future__ import annotations

import pytest

from feedarchive.parsing.advertised_feeds import advertised_feeds

PAGE = "https://example.org/blog/"


def link(href: str, kind: str = "application/rss+xml", rel: str = "alternate") -> str:
    return f'<link rel="{rel}" type="{kind}" title="T" href="{href}">'


@pytest.mark.parametrize(
    ("head", "found"),
    [
        (link("/feed.xml"), ["https://example.org/feed.xml"]),
        (link("feed.xml"), ["https://example.org/blog/feed.xml"]),
        (link("https://example.net/f", "application/atom+xml"), ["https://example.net/f"]),
        (link("/f.json", "application/feed+json"), ["https://example.org/f.json"]),
        (link("/f", "Application/RSS+XML; charset=utf-8", "ALTERNATE home"), ["https://example.org/f"]),
        ("<link href=/f rel=alternate type=application/rss+xml>", ["https://example.org/f"]),
        (f'<base href="https://example.net/x/">{link("f")}', ["https://example.net/x/f"]),
        (link("/a?b=1&amp;c=2"), ["https://example.org/a?b=1&c=2"]),
        (link("/1") + link("/2") + link("/1") + link("/3") + link("/4"),
         ["https://example.org/1", "https://example.org/2", "https://example.org/3"]),
        (link("https://u:secret@example.org/f"), ["https://example.org/f"]),
        (link("/f", rel="stylesheet alternate"), []),
        (link("/f", rel="next"), []),
        (link("/f", "text/html"), []),
        (link("javascript:alert(1)"), []),
        (link("data:text/xml,x"), []),
        (link("http://[::1"), []),
        (link(""), []),
        (link("/" + "x" * 400), []),
        (link("/\u202ef"), []),
        ("<p>No link</p>", []),
        ("", []),
    ],
)  # fmt: skip
def test_the_feeds_that_a_page_advertises(head: str, found: list[str]) -> None:
    assert advertised_feeds(f"<!doctype html><html><head>{head}</head></html>".encode(), PAGE) == tuple(found)


def test_a_page_that_advertises_itself_is_not_a_feed() -> None:
    assert advertised_feeds(link(PAGE).encode(), PAGE) == ()


@pytest.mark.parametrize(
    "page",
    [b"<link " * 300_000, b"<link rel=" + b"a " * 500_000, b"<link a=b>" * 100_000, b"\0" * 100_000, b"<" * 1_000_000],
)
def test_a_large_page_without_feeds_advertises_none(page: bytes) -> None:
    assert advertised_feeds(page, PAGE) == ()
