"""Truncated documents: the last entry may be incomplete, so it is kept apart. Tags in CDATA do not end the feed."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedarchive.document.model import NotAFeed
from feedarchive.document.parse_document import parse_document
from tests.unit.document.small_feeds import CUT_OFF, URL, item, read, rss, summary, titles

FIXTURES = Path(__file__).parent / "fixtures"


TAIL = item("last", "<guid>g</guid><description><![CDATA[<p>Some text</p>]]></description>")
CUTS = {
    "right after the last item": TAIL,
    "before the end of the item": TAIL[: TAIL.index("</item>")],
    "in the end tag of the item": TAIL[: TAIL.index("tem>", TAIL.index("]]>"))],
    "in CDATA": TAIL[: TAIL.index("text")],
    "at the end of CDATA": TAIL[: TAIL.index("]>")],
    "in the start of CDATA": TAIL[: TAIL.index("CDATA")],
    "in a start tag": TAIL[: TAIL.index("escription>")],
    "in a text": TAIL[: TAIL.index("ast</title>")],
    "in an end tag": TAIL[: TAIL.index("link>", TAIL.index("</link>"))],
    "in an attribute": '<item><title>last</title><enclosure url="https://exam',
    "after an empty element": '<item><title>last</title><enclosure url="https://example.org/a.mp3"/>',
    "in an entity": "<item><title>last &am",
    "in a comment": "<item><title>last</title><!-- a comment ",
    "in CDATA that closes the feed": "<item><title>last</title><description><![CDATA[Write </channel></rss> at",
    "after CDATA that closes the feed": "<item><title>last</title><description><![CDATA[</item></rss>]]></description>",
    "after a comment that closes the feed": "<item><title>last</title><!-- </item></channel></rss> -->",
    "in CDATA that ends like the feed": "<item><title>last</title><description><![CDATA[</item></channel></rss>",
    "in a comment that ends like the feed": "<item><title>last</title><!-- </item></channel></rss>",
    "with stray ampersands": "<item><title>last</title><description>R&D &nbsp; and",
    "with tags that do not match": "<item><title>last</title></b><description>and",
}


@pytest.mark.parametrize("tail", CUTS.values(), ids=CUTS.keys())
def test_the_last_entry_of_a_cut_off_document_is_separate(tail: str) -> None:
    complete = rss(item("one"), item("two"), "@")
    document = read(complete[: complete.index("@")] + tail)
    assert titles(document) == ["one", "two"]
    assert document.entries[1].link == "https://example.org/two"
    assert CUT_OFF in document.damage
    assert document.cut_off is not None
    assert document.cut_off.title.value in ("", "last", "last &am")


def test_the_parsed_part_of_the_cut_off_entry_is_kept_for_reports() -> None:
    document = read(rss(item("one"), TAIL)[: -len("\n</channel></rss>")])
    assert document.cut_off is not None
    assert document.cut_off.title.value == "last"
    assert document.cut_off.link == "https://example.org/last"
    assert summary(document.cut_off) == "<p>Some text</p>"
    assert document.damage == (CUT_OFF,)


def test_a_cut_off_document_has_no_other_damage() -> None:
    document = read(rss(item("one"), TAIL).split("<![CDATA[")[0])
    assert document.damage == (CUT_OFF,)


def test_a_cut_off_document_of_one_entry_has_no_complete_entry() -> None:
    document = read(rss(item("only")).removesuffix("</rss>"))
    assert document.entries == ()
    assert document.cut_off is not None
    assert document.cut_off.title.value == "only"


def test_a_document_cut_off_before_its_first_entry_has_none() -> None:
    document = read(rss(item("only")).split("<item>")[0])
    assert (document.title.value, document.entries, document.cut_off) == ("The feed", (), None)
    assert document.damage == (CUT_OFF,)


def test_a_document_cut_off_in_its_root_tag_is_not_a_feed() -> None:
    assert parse_document(b'<?xml version="1.0"?><rss vers', URL) == NotAFeed("neither RSS, RDF, Atom nor JSON Feed")


@pytest.mark.parametrize("cut", range(90, 1430, 31))
def test_wherever_an_atom_feed_is_cut_off_complete_entries_are_parsed(cut: int) -> None:
    text = (FIXTURES / "atom_source.xml").read_text(encoding="utf-8")
    complete = read(text)
    document = read(text[:cut])
    assert CUT_OFF in document.damage
    assert len(document.entries) == max(0, text[:cut].count("<entry>") - 1)
    assert document.entries == complete.entries[: len(document.entries)]


@pytest.mark.parametrize(
    "root",
    [
        '<feed xmlns="http://www.w3.org/2005/Atom"><entry><title>one</title></entry>@</feed>',
        '<atom:feed xmlns:atom="http://www.w3.org/2005/Atom"><atom:entry><atom:title>one</atom:title></atom:entry>@'
        "</atom:feed>",
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns="http://purl.org/rss/1.0/">'
        "<item><title>one</title></item>@</rdf:RDF>",
        "<!-- <feed> --><rss version='2.0'><channel><item><title>one</title></item></channel>@</rss>",
        "<RSS VERSION='2.0'><CHANNEL><ITEM><TITLE>one</TITLE></ITEM></CHANNEL>@</RSS  >",
    ],
)
def test_the_end_of_every_kind_of_root_element_is_found(root: str) -> None:
    complete = read(root.replace("@", ""))
    assert (titles(complete), complete.damage, complete.cut_off) == (["one"], (), None)
    cut = read(root[: root.index("@")])
    assert (titles(cut), cut.damage) == ([], (CUT_OFF,))
    assert cut.cut_off is not None
    assert cut.cut_off.title.value == "one"


def test_an_empty_root_element_is_complete() -> None:
    document = read('<feed xmlns="http://www.w3.org/2005/Atom" />\n')
    assert (document.version, document.entries, document.damage) == ("atom10", (), ())


def test_cdata_that_looks_like_the_feed_itself_is_text() -> None:
    text = "</description></item></channel></rss><item><title>fake</title></item><rss>"
    inside = f"<description><![CDATA[{text}]]></description>"
    document = read(rss(item("one", inside), item("two", inside)))
    assert (titles(document), document.damage, document.cut_off) == (["one", "two"], (), None)
    assert [summary(entry) for entry in document.entries] == [text, text]


def test_cdata_that_looks_like_the_feed_itself_is_text_for_the_tolerant_parser_too() -> None:
    text = "</item></channel></rss><item><title>fake</title></item>"
    document = read(rss(item("one", f"<description><![CDATA[{text}]]></description></b>"), item("two")))
    assert titles(document) == ["one", "two"]
    assert summary(document.entries[0]) == text
    assert document.cut_off is None
