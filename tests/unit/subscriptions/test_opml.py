"""OPML as feed readers write it. Every feed is found once, with its folders. Invalid feeds are reported."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from feedarchive.subscriptions.errors import InvalidOpml
from feedarchive.subscriptions.opml import MAX_OPML_BYTES, looks_like_xml, parse_opml
from feedarchive.subscriptions.opml_outlines import OpmlFeed
from tests.harness.linear_time import assert_linear_time
from tests.unit.subscriptions.opml_samples import READERS


def opml(*lines: str) -> bytes:
    return "\n".join(["<opml version='2.0'><body>", *lines, "</body></opml>"]).encode()


def feeds_of(data: bytes, tag_folders: bool = True) -> list[OpmlFeed]:
    return [replace(feed, line=0) for feed in parse_opml(data, "subs.opml", tag_folders).feeds]


def problems_of(data: bytes) -> list[tuple[int, str]]:
    return [(problem.line, problem.detail) for problem in parse_opml(data, "subs.opml").problems]


@pytest.mark.parametrize("reader", READERS)
def test_the_export_of_a_feed_reader(reader: str) -> None:
    text, expected = READERS[reader]
    assert feeds_of(text.encode()) == expected
    assert looks_like_xml(text.encode())


def test_what_is_not_a_feed_is_named_with_its_line() -> None:
    assert problems_of(READERS["Liferea"][0].encode()) == [
        (7, "'Script': '|/usr/local/bin/make-feed' is not a URL: expected one such as example.org or "
            "https://example.org/feed"),
        (8, "'File': 'file:///home/ada/feed.xml': file is not supported, only http and https are"),
    ]  # fmt: skip
    ((line, detail),) = problems_of(READERS["FreshRSS"][0].encode())
    assert (line, detail) == (7, "'Scraped': not imported, because it is a web page (html+xpath), not a feed")
    assert problems_of(READERS["Tiny Tiny RSS"][0].encode()) == []


def test_a_missing_url_is_named() -> None:
    data = opml(
        '<outline type="rss" text="Lost"/>', '<outline text="Empty"></outline>', '<outline xmlUrl="a.example"/>'
    )
    missing = "has no xmlUrl: it is an empty folder, or a feed whose URL is missing"
    assert problems_of(data) == [(2, f"'Lost' {missing}"), (3, f"'Empty' {missing}")]


def test_a_list_in_the_list_is_named() -> None:
    data = opml('<outline type="include" text="More" url="https://x.example/y.opml"/>', '<outline xmlUrl="a.example"/>')
    assert problems_of(data) == [(2, "'More' includes another OPML file: import that file separately")]


def test_a_feed_in_several_folders_is_one_feed_with_all_tags() -> None:
    feed = '<outline type="rss" text="A" xmlUrl="https://a.example/feed"/>'
    data = opml(*(f'<outline text="{name}">{feed}</outline>' for name in ("one", "two", "one", "three")))
    assert feeds_of(data) == [OpmlFeed("https://a.example/feed", "A", tags=("one", "two", "three"))]
    assert problems_of(data) == []


def test_a_feed_under_another_spelling_is_the_same_feed_and_named() -> None:
    data = opml(
        '<outline text="A" xmlUrl="https://www.a.example/feed/"/>',
        '<outline text="B"><outline text="A" xmlUrl="http://A.example:80/feed?utm_source=x"/></outline>',
    )
    assert feeds_of(data) == [OpmlFeed("https://www.a.example/feed/", "A", tags=("B",))]
    assert problems_of(data) == [
        (3, "http://A.example:80/feed?utm_source=x is another spelling of the URL in line 2: keep one of them")
    ]


def test_folders_need_not_become_tags() -> None:
    data = opml('<outline text="F"><outline text="A" xmlUrl="https://a.example/" category="c"/></outline>')
    assert feeds_of(data, tag_folders=False) == [OpmlFeed("https://a.example/", "A")]


@pytest.mark.parametrize(
    "data",
    [
        "\ufeff\n \n<?xml version='1.0'?><opml><body><outline text='Café' xmlUrl='a.example'/></body></opml>"
        .encode(),
        "<?xml version='1.0' encoding='iso-8859-1'?><opml><body><outline text='Café' xmlUrl='a.example'/></body></opml>"
        .encode("latin-1"),
        "<?xml version='1.0' encoding='utf-16'?><opml><body><outline text='Café' xmlUrl='a.example'/></body></opml>"
        .encode("utf-16"),
        "<opml><body><outline text='Caf\x02é' xmlUrl='a.example'/></body></opml>".encode(),
    ],
    ids=["byte order mark and empty lines", "latin-1", "utf-16", "control character"],
)  # fmt: skip
def test_encodings_and_what_is_wrong_at_the_start(data: bytes) -> None:
    assert feeds_of(data) == [OpmlFeed("https://a.example", "Café")]
    assert looks_like_xml(data)


def test_bare_ampersands_and_the_entities_of_html_are_read() -> None:
    data = opml('<outline text="Q&A caf&eacute; &copy" xmlUrl="https://a.example/?a=1&b=2"/>')
    assert feeds_of(data) == [OpmlFeed("https://a.example/?a=1&b=2", "Q&A café &copy")]


LAUGHS = (
    '<!DOCTYPE opml [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;&a;&a;&a;&a;&a;&a;&a;">]>'
    '<opml><body><outline text="&b;" xmlUrl="a.example"/></body></opml>'
)
EXTERNAL = (
    '<!DOCTYPE opml [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    '<opml><body><outline text="&x;" xmlUrl="a.example"/></body></opml>'
)
NESTED = "<opml><body>" + '<outline text="x">' * 100_000
UNCLOSED = "<opml><body>\n<outline text='a' xmlUrl='a.example'>\n</body></opml>"


@pytest.mark.parametrize(
    ("data", "message"),
    [
        (b"", "the file is empty"),
        (b" \n\t", "the file is empty"),
        (b"<opml><body></body></opml>", "has no feeds"),
        (b"<html><body>Sign in</body></html>", "not an OPML file: it begins with <html>; nothing was imported"),
        (b"hello", "line 1: not well-formed XML (syntax error); nothing was imported"),
        (UNCLOSED.encode(), "line 3: not well-formed XML (mismatched tag); nothing was imported"),
        (UNCLOSED.encode()[:45], "line 2: not well-formed XML (unclosed token); nothing was imported"),
        (LAUGHS.encode(), "line 1: XML entities are not supported; nothing was imported"),
        (EXTERNAL.encode(), "line 1: XML entities are not supported; nothing was imported"),
        (NESTED.encode(), "line 1: more than 200 levels of folders; nothing was imported"),
        (b"x" * (MAX_OPML_BYTES + 1), "larger than 20 MiB; nothing was imported"),
    ],
    ids=["nothing", "space", "no feeds", "a page", "text", "broken", "cut off", "laughs", "external", "deep", "huge"],
)  # fmt: skip
def test_what_is_no_opml_is_refused_in_one_line(data: bytes, message: str) -> None:
    with pytest.raises(InvalidOpml) as refused:
        parse_opml(data, "subs.opml")
    assert str(refused.value) == f"subs.opml: {message}"


def _feeds(number: int) -> bytes:
    outlines = (f'<outline text="Feed {n}" xmlUrl="https://f{n}.example/feed"/>' for n in range(number))
    return opml('<outline text="folder">', *outlines, "</outline>")


@pytest.mark.parametrize(
    ("make", "size"),
    [
        (
            lambda n: b"<opml><body><outline " + b" ".join(b'a%d="1"' % i for i in range(n)) + b"/></body></opml>",
            30_000,
        ),
        (lambda n: b"<opml><body><outline text='" + b"&" * n + b"' xmlUrl='a.example'/></body></opml>", 50_000),
        (lambda n: b"<opml><body>" + b"<!--" * n, 50_000),
        (lambda n: b"<opml><body>" + b"<" * n, 50_000),
        (lambda n: b"<opml><body>" + b"<outline text='x'/>" * n + b"</body></opml>", 2_500),
        (_feeds, 2_100),  # more URLs than are cached (2,048)
    ],
    ids=["attributes", "ampersands", "comments", "brackets", "outlines", "feeds"],
)
def test_the_time_is_proportional_to_the_size_even_of_a_hostile_file(make: Callable[[int], bytes], size: int) -> None:
    def parse(data: bytes) -> None:
        try:
            parse_opml(data, "subs.opml")
        except InvalidOpml as refused:
            assert "\n" not in str(refused)

    assert_linear_time(parse, make, size)
