"""The feeds that a web page links to."""

from __future__ import annotations

import pytest

from feedarchive.subscriptions.page_links import FeedLink, advertised_links, asks_for_login, linked_feeds
from tests.harness.linear_time import assert_linear_time

PAGE = "https://example.org/blog/"
RSS = 'type="application/rss+xml"'


def advertised(html: str) -> list[tuple[str, str]]:
    return [(link.url, link.title) for link in advertised_links(html.encode(), PAGE, "text/html; charset=utf-8")]


@pytest.mark.parametrize(
    ("html", "expected"),
    [
        (f'<link rel="alternate" {RSS} href="feed.xml" title="Posts">', ("https://example.org/blog/feed.xml", "Posts")),
        (f"<LINK HREF=/feed {RSS} REL='Alternate'/>", ("https://example.org/feed", "")),
        (
            "<body><p>x<link rel=alternate type=application/atom+xml href=//cdn.example/a>",
            ("https://cdn.example/a", ""),
        ),
        (
            '<link rel="home alternate" type="application/feed+json; charset=x" href="/j">',
            ("https://example.org/j", ""),
        ),
        (f'<base href="/x/"><base href="/y/"><link rel=alternate {RSS} href=f>', ("https://example.org/x/f", "")),
        (f'<base href="https://b.example/x/"><link rel=alternate {RSS} href=f>', ("https://b.example/x/f", "")),
        (
            f'<link\nrel="alternate"\n{RSS}\nhref="/a?x=1&amp;y=2"\ntitle="A &gt; B &quot;c&quot;">',
            ("https://example.org/a?x=1&y=2", 'A > B "c"'),
        ),
        ('<link rel="feed" href="/f">', ("https://example.org/f", "")),
        ('<link rel="alternate" type="text/xml" href="/rss.xml">', ("https://example.org/rss.xml", "")),
    ],
)
def test_declared_feeds(html: str, expected: tuple[str, str]) -> None:
    assert advertised(html) == [expected]


@pytest.mark.parametrize(
    "html",
    [
        f'<!-- <link rel="alternate" {RSS} href="/hidden"> -->',
        f"<script>document.write('<link rel=alternate {RSS} href=/x>')</script>",
        f"<template><link rel=alternate {RSS} href=/x></template>",
        f'<textarea><link rel=alternate {RSS} href="/x"></textarea>',
        f"<link rel='alternate stylesheet' {RSS} href='/x'>",
        f"<link rel=stylesheet {RSS} href=/x>",
        f"<link rel=alternate {RSS}>",
        f"<link rel=alternate {RSS} href=''>",
        f"<link rel=alternate {RSS} href='javascript:alert(1)'>",
        f"<link rel=alternate {RSS} href='file:///etc/passwd'>",
        f"<link rel=alternate {RSS} href='http://[::1'>",
        "<link rel=alternate hreflang=de href=/de>",
        '<link rel="alternate" type="application/json" href="/wp-json/wp/v2/posts">',
        '<link rel="alternate" type="application/json+oembed" href="/oembed?x">',
        "<p>&lt;link rel=alternate type=application/rss+xml href=/x&gt;",
    ],
)
def test_what_declares_no_feed(html: str) -> None:
    assert advertised(html) == []


def test_feeds_of_comments_come_last_and_none_comes_twice() -> None:
    html = "".join(
        f'<link rel=alternate {RSS} href="{href}" title="{title}">'
        for href, title in [
            ("/comments/feed", "Comments"), ("/feed", "A"), ("http://www.example.org/feed/", "A"), ("/b", "B"),
        ]
    )  # fmt: skip
    assert [url for url, _ in advertised(html)] == [
        "https://example.org/feed", "https://example.org/b", "https://example.org/comments/feed",
    ]  # fmt: skip
    assert [FeedLink("https://x.example/feed", title).is_for_comments for title in ("Comments on: x", "Notes")] == [
        True, False,
    ]  # fmt: skip


def test_links_that_look_like_feeds() -> None:
    html = (
        '<a href="/feed/">RSS</a> <a href="rss.xml">x</a> <a href="https://other.example/feed">no</a>'
        '<a href="/about">no</a><a href="/podcast/index.xml">p</a> <a href="/feedback">no</a> <a href="/a.atom">a</a>'
    )
    assert [link.url for link in linked_feeds(html.encode(), PAGE, "")] == [
        "https://example.org/feed/", "https://example.org/blog/rss.xml", "https://example.org/podcast/index.xml",
        "https://example.org/a.atom",
    ]  # fmt: skip


def test_a_password_field_is_a_login() -> None:
    assert asks_for_login(b"<form><INPUT name=p TYPE='password'></form>")
    assert not asks_for_login(b"<input type=text> password")


def test_a_page_in_another_encoding() -> None:
    html = f'<meta charset="iso-8859-1"><link rel=alternate {RSS} href="/f" title="Café">'.encode("latin-1")
    assert advertised_links(html, PAGE, "text/html; charset=iso-8859-1") == [FeedLink("https://example.org/f", "Café")]


@pytest.mark.parametrize(
    ("start", "part", "size"),
    [
        (b"", b"<link ", 4_000),
        (b"", b"<link rel=alternate href='", 2_000),
        (b"", b"<!--", 50_000),
        (b"", b"<script>", 20_000),
        (b"<a ", b"x=1 ", 50_000),
        (b"", b"<link rel=alternate type=application/rss+xml href=/x>", 1_000),
        (b"", b'"<', 100_000),
    ],
    ids=["open tags", "open quotes", "comments", "scripts", "attributes", "links", "quotes"],
)
def test_the_time_is_proportional_to_the_size_even_of_a_hostile_page(start: bytes, part: bytes, size: int) -> None:
    def find(page: bytes) -> None:
        assert len(advertised_links(page, PAGE, "")) <= 500

    assert_linear_time(find, lambda number: start + part * number, size)
