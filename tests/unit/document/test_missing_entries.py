"""Every entry is parsed or counted: tags with prefixes that no parser knows, and entries that are only a file."""

from __future__ import annotations

import pytest

from feedarchive.document.model import Document
from feedarchive.document.parse_document import parse_document

URL = "https://example.org/feed.xml"


def parse(text: str) -> Document:
    document = parse_document(text.encode(), URL)
    assert isinstance(document, Document)
    return document


def titles(document: Document) -> list[str]:
    return [entry.title.value for entry in document.entries]


PREFIXED = {
    "undeclared": "<rss><p:channel><p:item><p:title>A</p:title><p:link>https://example.org/1</p:link></p:item>"
    "<p:item><p:title>B</p:title></p:item></p:channel></rss>",
    "undeclared and unquoted": "<?xml?xml version='1.0' ??><rss p:version=2.0><p:channel><p:item><p:title>A</p:title>"
    "<p:link>https://example.org/1</p:link></p:item><p:item><p:title>B</p:title></p:item></p:channel></rss>",
    "only some": "<rss><channel><item><title>A</title><link>https://example.org/1</link></item>"
    "<p:item><p:title>B</p:title></p:item></channel></rss>",
    "unknown namespace": "<rss xmlns:p='http://example.com/own'><channel><p:item><p:title>A</p:title>"
    "<p:link>https://example.org/1</p:link></p:item><p:item><p:title>B</p:title></p:item></channel></rss>",
    "atom": "<p:feed><p:entry><p:title>A</p:title><p:link href='https://example.org/1'/></p:entry>"
    "<p:entry><p:title>B</p:title></p:entry></p:feed>",
}


@pytest.mark.parametrize("text", PREFIXED.values(), ids=PREFIXED.keys())
def test_entries_with_an_unknown_prefix_are_parsed_and_the_damage_is_named(text: str) -> None:
    document = parse(text)
    assert titles(document) == ["A", "B"]
    assert document.entries[0].link == "https://example.org/1"
    assert document.damage


def test_an_undeclared_prefix_inside_an_entry_loses_no_entry() -> None:
    items = "<item><title>A</title><p:x>1</p:x></item><item><title>B</title></item>"
    assert titles(parse(f"<rss version='2.0'><channel>{items}</channel></rss>")) == ["A", "B"]


def test_tags_in_cdata_and_comments_and_elements_of_other_namespaces_are_not_counted() -> None:
    item = "<item><title>A</title><description><![CDATA[<item><p:item>]]></description><j:item xmlns:j='http://j.example/'/></item>"
    document = parse(f"<rss version='2.0'><channel><!-- <item> -->{item}</channel></rss>")
    assert (titles(document), document.damage) == (["A"], ())


def test_entries_that_cannot_be_parsed_are_counted() -> None:
    items = "<item><title>A</title></item><image><item><title>B</title></item></image>"
    text = f"<rss version='2.0'><channel>{items}</channel></rss>"
    inner = "<content type='xhtml'><div xmlns='http://www.w3.org/1999/xhtml'><entry>B</entry></div></content>"
    atom = f"<feed xmlns='http://www.w3.org/2005/Atom'><entry><title>A</title>{inner}</entry></feed>"
    assert parse(atom).damage == ("1 of 2 entries cannot be parsed",)
    assert len(parse(text).entries) == 2


def test_an_entry_that_is_only_a_file_is_named_after_it() -> None:
    enclosure = '<item><enclosure url="https://example.org/raw/tape%201.mp3" type="audio/mpeg"/></item>'
    picture = '<item><media:content url="https://example.org/raw/pic.jpg" type="image/jpeg"/></item>'
    namespace = 'xmlns:media="http://search.yahoo.com/mrss/"'
    document = parse(f"<rss version='2.0' {namespace}><channel>{enclosure}{picture}<item/></channel></rss>")
    assert titles(document) == ["tape 1.mp3", "pic.jpg", ""]
    assert document.entries[0].guid == "https://example.org/raw/tape%201.mp3"


def test_a_json_item_that_is_only_an_attachment_is_named_after_it() -> None:
    text = '{"version": "https://jsonfeed.org/version/1.1", "items": [{"attachments": [{"url": "https://example.org/a.pdf"}]}]}'
    assert titles(parse(text)) == ["a.pdf"]
