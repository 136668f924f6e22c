"""Documents that are not feeds, and the reason that is reported."""

from __future__ import annotations

import pytest

from feedarchive.document.model import NotAFeed
from feedarchive.document.parse_document import parse_document
from tests.unit.document.small_feeds import URL, read, rss, titles


@pytest.mark.parametrize(
    "page",
    [
        "<!DOCTYPE html><html><head><title>Not found</title></head><body><p>Nothing here</p></body></html>",
        "\n\n<HTML><BODY>Moved</BODY></HTML>",
        "\ufeff<!doctype HTML>\n<title>x",
        '<?xml version="1.0"?>\n<!DOCTYPE html PUBLIC "-//W3C//DTD XHTML 1.0 Strict//EN" "x">\n<html></html>',
        "<!-- a comment -->\n<html lang='en'><body>x</body></html>",
    ],
)
def test_an_html_page_is_not_a_feed(page: str) -> None:
    assert parse_document(page.encode(), URL, "text/html") == NotAFeed("an HTML page, not a feed")


@pytest.mark.parametrize("body", [b"", b" \n\t\r ", b"\xef\xbb\xbf", b"\xef\xbb\xbf\n"])
def test_an_empty_body_is_not_a_feed(body: bytes) -> None:
    assert parse_document(body, URL) == NotAFeed("an empty document")


@pytest.mark.parametrize(
    "body",
    [
        b"Service temporarily unavailable",
        b"\x89PNG\r\n\x1a\n" + bytes(range(256)) * 8,
        b"\x1f\x8b\x08\x00" + bytes(range(255, 0, -1)) * 8,
        b"\x00" * 1000,
        b"\xff" * 1000,
        b"<",
        b"<>",
        b"<?xml version='1.0'?>",
        b"<urlset xmlns='http://www.sitemaps.org/schemas/sitemap/0.9'><url><loc>https://example.org/</loc></url></urlset>",
        b"<opml version='2.0'><body><outline xmlUrl='https://example.org/feed.xml'/></body></opml>",
        b"<!-- <rss version='2.0'> -->",
        b"htmlish < html",
    ],
)
def test_other_contents_are_not_a_feed(body: bytes) -> None:
    assert parse_document(body, URL) == NotAFeed("neither RSS, RDF, Atom nor JSON Feed")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("{}", "JSON, but not a JSON Feed: it has no list of items"),
        ("[]", "JSON, but not a JSON Feed: it has no list of items"),
        ('{"items": {}}', "JSON, but not a JSON Feed: it has no list of items"),
        ('{"error": "not found"}', "JSON, but not a JSON Feed: it has no list of items"),
        ('{"items": [', "JSON that cannot be parsed (Expecting value: line 1 column 12 (char 11))"),
    ],
)
def test_json_that_is_not_a_feed_is_described(text: str, reason: str) -> None:
    assert parse_document(text.encode(), URL) == NotAFeed(reason)


def test_json_nested_too_deeply_is_not_a_feed() -> None:
    not_a_feed = parse_document(b'{"items": ' + b"[" * 200_000, URL)
    assert isinstance(not_a_feed, NotAFeed)
    assert not_a_feed.reason.startswith("JSON that cannot be parsed (")


def test_a_feed_without_entries_is_a_feed() -> None:
    document = read(rss())
    assert (document.version, document.title.value, document.entries, document.damage) == ("rss20", "The feed", (), ())


def test_entries_without_a_version_are_a_feed() -> None:
    document = read("<items><item><title>one</title></item></items>")
    assert (document.version, titles(document)) == ("unknown", ["one"])
