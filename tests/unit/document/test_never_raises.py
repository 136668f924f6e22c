"""Whatever a server sends gives a document or a reason why it is not a feed, never an exception."""

from __future__ import annotations

from typing import Any

from hypothesis import example, given, settings
from hypothesis import strategies as st

from feedarchive.document.model import Document, NotAFeed
from feedarchive.document.parse_document import parse_document
from tests.hostile.mutated import bodies, content_types

URL = "https://example.org/feed.xml"


@given(bodies, content_types)
@example(b"<rss><channel><item><category>x</item></category></channel></rss>", "")
@example(b"<rss><channel><item></width><authors>Ada</authors></item></channel></rss>", "")
@example(b"<rss><channel><item><textinput><description>x</description></textinput></item></channel></rss>", "")
@example(b'<rss xmlns:dc="a\xc2\xa0b"><channel><item><dc:date>x</dc:date></item></channel></rss>', "")
@example(b'{"items": [{"url": "http://[", "image": "http://["}], "home_page_url": "http://["}', "")
@example(b'<?xml version="1.0" encoding="idna"?><rss>\xe9</rss>', "")
@settings(max_examples=100, deadline=None, derandomize=True, database=None)
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
    # Surrogates cannot be encoded, so they would stop the document from being written to a file.
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
