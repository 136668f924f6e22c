"""What exceeds a limit of a document is not parsed, which is reported as damage. The rest is parsed."""

from __future__ import annotations

import json

import pytest

from feedarchive.document import json_feed, xml_feed, xml_repair
from feedarchive.document.model import Document, NotAFeed
from feedarchive.document.parse_document import parse_document
from tests.unit.document.small_feeds import URL, item, read, rss, titles


def test_a_document_with_too_many_tags_is_parsed_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is lowered to save time."""
    assert xml_repair._MAX_TAGS == 250_000
    monkeypatch.setattr(xml_repair, "_MAX_TAGS", 2_500)
    document = read(rss(item("one"), item("two", "<x/>" * 2_600), item("three")))
    assert titles(document) == ["one"]
    assert document.cut_off is not None
    assert document.cut_off.title.value == "two"
    assert document.damage == ("more than 2,500 tags, so only the first part was parsed",)
    assert not document.intact


def test_tags_in_cdata_do_not_count() -> None:
    document = read(rss(item("one", f"<description><![CDATA[{'<b>x</b>' * 200_000}]]></description>"), item("two")))
    assert titles(document) == ["one", "two"]
    assert document.damage == ()


def test_a_document_with_too_many_entries_is_parsed_up_to_the_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limit is lowered to save time."""
    for module in (json_feed, xml_feed):
        assert module.MAX_ENTRIES_PARSED == 10_000
        monkeypatch.setattr(module, "MAX_ENTRIES_PARSED", 1_000)
    xml = read(rss(*(f"<item><guid>{n}</guid></item>" for n in range(1_002))))
    assert len(xml.entries) == 1_000
    assert xml.damage == ("2 entries after the first 1,000, not parsed",)
    found = parse_document(json.dumps({"items": [{"id": n} for n in range(1_002)]}).encode(), URL)
    assert isinstance(found, Document)
    assert len(found.entries) == 1_000
    assert found.damage == ("2 items after the first 1,000, not parsed",)


def test_an_entry_with_too_many_tags_keeps_the_first_ones() -> None:
    many = "".join(f"<category>c{n}</category>" for n in range(1_001))
    document = read(rss(item("one", many), item("two", many.replace("<category>c1000</category>", ""))))
    assert [len(entry.tags) for entry in document.entries] == [1_000, 1_000]
    assert document.damage == ("1 entry with more than 1,000 authors or tags, or more than 2,000 enclosures",)


def test_json_with_too_many_objects_is_rejected() -> None:
    found = parse_document(b'{"items": [' + b"{}," * 500_000 + b"{}]}", URL)
    assert found == NotAFeed("JSON with more than 500,000 objects")


def test_entities_that_make_the_document_grow_are_not_expanded() -> None:
    doctype = f'<!DOCTYPE rss [<!ENTITY site "The site"><!ENTITY long "{"x" * 101}">]>'
    document = read(doctype + rss(item("&site; &long;")))
    assert titles(document) == ["&site; &long;"]  # &long; is too long, so no entity is expanded
    assert titles(read(doctype + rss(item("&site;")))) == ["The site"]
    assert titles(read(doctype + rss(item("&site;" * 3), *("&site;" * 5_000,)))) == ["&site;&site;&site;"]


def test_netscapes_rss_is_recognized_by_its_document_type() -> None:
    doctype = '<!DOCTYPE rss PUBLIC "-//Netscape Communications//DTD RSS 0.91//EN" "http://my.netscape.com/x.dtd">'
    assert read(f"<?xml version='1.0'?>\n{doctype}\n{rss(item('one'))}").version == "rss091n"


def test_an_xml_error_gives_the_line_of_the_document() -> None:
    document = read("<?xml version='1.0'?>\n<!-- x\n-->\n<!DOCTYPE rss>\n" + rss(item("a & b")))
    assert document.damage[0].startswith("not well-formed XML (line 6: ")
