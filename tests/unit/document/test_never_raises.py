"""Whatever a server sends: a document or a reason why it is none, and never an exception."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedarchive.document.model import Document, NotAFeed
from feedarchive.document.parse import parse_document

URL = "https://example.org/feed.xml"
_FIXTURES = sorted(p for p in (Path(__file__).parent / "fixtures").iterdir() if not p.name.endswith(".expected.json"))
FEEDS = [path.read_bytes() for path in _FIXTURES]
# Pieces of feeds in the wrong place do more harm than random bytes.
PIECES = [
    *(b"<item>", b"</item>", b"<entry>", b"</entry>", b"<title>", b"</title>", b"</width>", b"</category>", b"</link>"),
    *(b"<link>", b"<image>", b"</image>", b"<source>", b"<author>", b"<content type='xhtml'>", b"</content>", b"<svg>"),
    *(b"<authors>x</authors>", b"<links a='b'/>", b"<![CDATA[", b"]]>", b"<!--", b"-->", b"<?", b"<!ENTITY x 'y'>"),
    *(b"&#xD800;", b"&#9a;", b"&#99999999999;", b"&nbsp;", b"&x;", b"\x00", b"\xff\xfe", b"\xed\xa0\x80", b"\\ud800"),
    *(b"http://[", b"xml:base='http://['", b'"', b"{", b"}", b"[", b"]", b"null", b"1e999", b"NaN", b"-1", b":", b","),
]
Mutation = Callable[[bytes], bytes]


def _at(body: bytes, share: float) -> int:
    return int(len(body) * share)


def _mutations() -> st.SearchStrategy[Mutation]:
    place = st.floats(0, 1)
    return st.one_of(
        st.builds(lambda a: lambda body: body[: _at(body, a)], place),
        st.builds(lambda a: lambda body: body[_at(body, a) :], place),
        st.builds(lambda a, n: lambda body: body[: _at(body, a)] + body[_at(body, a) + n :], place, st.integers(1, 80)),
        st.builds(
            lambda a, b: lambda body: body[: _at(body, a)] + bytes([b]) + body[_at(body, a) + 1 :],
            place,
            st.integers(0, 255),
        ),
        st.builds(
            lambda a, n: lambda body: body[: _at(body, a) + n] + body[_at(body, a) :], place, st.integers(1, 400)
        ),
        st.builds(
            lambda a, piece: lambda body: body[: _at(body, a)] + piece + body[_at(body, a) :],
            place,
            st.sampled_from(PIECES),
        ),
    )


def _mutated(feed: bytes, mutations: list[Mutation]) -> bytes:
    for mutation in mutations:
        feed = mutation(feed)
    return feed


bodies = st.builds(_mutated, st.sampled_from(FEEDS), st.lists(_mutations(), min_size=1, max_size=6))
content_types = st.sampled_from(
    ["", "text/xml", "text/xml; charset=utf-8", "text/xml; charset=iso-8859-1", "application/json; charset=utf-16"]
    + [f"text/xml; charset={label}" for label in ("shift_jis", "utf-7", "idna", "undefined", "hz", "big5", "x")]
)


@given(bodies, content_types)
@example(b"<rss><channel><item><category>x</item></category></channel></rss>", "")
@example(b"<rss><channel><item></width><authors>Ada</authors></item></channel></rss>", "")
@example(b"<rss><channel><item><textinput><description>x</description></textinput></item></channel></rss>", "")
@example(b'<rss xmlns:dc="a\xc2\xa0b"><channel><item><dc:date>x</dc:date></item></channel></rss>', "")
@example(b'{"items": [{"url": "http://[", "image": "http://["}], "home_page_url": "http://["}', "")
@example(b'<?xml version="1.0" encoding="idna"?><rss>\xe9</rss>', "")
@settings(max_examples=200, deadline=None, derandomize=True, database=None)
def test_mutated_feeds_never_raise(body: bytes, content_type: str) -> None:
    _check(parse_document(body, URL, content_type))


@given(st.binary(max_size=300))
@settings(max_examples=100, deadline=None, derandomize=True, database=None)
def test_random_bytes_never_raise(body: bytes) -> None:
    _check(parse_document(body, URL))


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10) | st.just("http://["),
        lambda inner: (
            st.lists(inner, max_size=4)
            | st.dictionaries(
                st.sampled_from(
                    "version title home_page_url language items id url external_url content_html content_text summary"
                    " image banner_image date_published date_modified author authors name tags attachments"
                    " mime_type size_in_bytes".split()
                ),
                inner,
                max_size=8,
            )
        ),
        max_leaves=30,
    )
)
@settings(max_examples=100, deadline=None, derandomize=True, database=None)
def test_json_of_any_shape_never_raises(items: Any) -> None:
    import json

    _check(parse_document(json.dumps({"items": [items, items]}).encode(), URL))
    _check(parse_document(json.dumps(items).encode(), URL))


def _check(parsed: Document | NotAFeed) -> None:
    if isinstance(parsed, NotAFeed):
        assert parsed.reason
        return
    # It can be written: characters only, and addresses that are strings.
    repr(parsed).encode("utf-8")
    for entry in parsed.entries:
        assert all(enclosure.url for enclosure in entry.enclosures)
        assert all(entry.images)
        assert all(entry.authors)
        assert all(entry.tags)
        for text in (entry.guid, entry.link, entry.published, entry.updated, entry.language):
            assert isinstance(text, str)
        for text in (entry.title.value, *(content.value for content in entry.contents)):
            text.encode("utf-8")
