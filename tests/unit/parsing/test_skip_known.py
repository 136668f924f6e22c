"""Entries that were parsed before are skipped, and the result is the same as without skipping."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from feedarchive.document.charset_detection import Decoded
from feedarchive.document.parse_document import parse_decoded
from feedarchive.feeds.feed import Feed
from feedarchive.parsing import skip_known
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParsedDocument, ParseRequest
from tests.harness.feed_documents import FEED, HOME, Item, rss

DEMO = Path(__file__).parents[3] / "seeds" / "demo" / "feeds"
THREE = [Item(f"Article {n}", guid=f"g{n}", link=f"{HOME}{n}", text=f"Text {n}.") for n in range(3)]
ATOM_ENTRY = (
    '<entry><id>tag:{0}</id><title>T{0}</title><link href="{0}"/>'
    '<content type="html"><![CDATA[<b>x</b> {0}]]></content></entry>'
)
ATOM = (
    f'<feed xmlns="http://www.w3.org/2005/Atom" xml:base="{HOME}" xml:lang="en"><title>A</title>'
    f"<author><name>Ann</name></author>{''.join(ATOM_ENTRY.format(n) for n in range(3))}</feed>"
).encode()
DOCUMENTS = {
    "three entries": rss(*THREE),
    "Atom with a base": ATOM,
    "one guid for all": rss(*(replace(item, guid="same") for item in THREE)),
    "one link for all": rss(*(replace(item, link=f"{HOME}here") for item in THREE)),
    "one guid for two": rss(THREE[0], replace(THREE[1], guid="g0"), THREE[2]),
    "another's link as guid": rss(THREE[0], replace(THREE[1], guid=f"{HOME}0", permalink=True), THREE[2]),
    "no guid and no link": rss(*(replace(item, guid=None, link=None) for item in THREE)),
    "one of them without guid and link": rss(THREE[0], replace(THREE[1], guid=None, link=None), THREE[2]),
    "two without guid and link, different in one character": rss(
        *(replace(THREE[0], guid=None, link=None, text=text) for text in ("Text.", "Text!")), THREE[1]
    ),
    "the home page as link": rss(*(replace(item, link=HOME) for item in THREE)),
    "two wordings": rss(THREE[0], replace(THREE[0], text="Other words."), THREE[1]),
    "copies": rss(THREE[0], THREE[0], THREE[1]),
    "an empty entry": rss(THREE[0], Item(None, text=None, date=None), THREE[1]),
    "entries in two places": rss(*THREE).replace(
        b"</channel>", b"</channel><item><title>X</title><guid>x</guid></item>"
    ),
    "a hundred namespaces": rss(*THREE).replace(
        b"<rss", b"<rss " + b" ".join(b'xmlns:a%d="http://example.org/%d"' % (n, n) for n in range(100))
    ),
    "not well-formed": rss(*THREE).replace(b"</channel>", b"</oops></channel>"),
    "cut off": rss(*THREE)[:-60],
    "a blank line first": b"\n<?xml version='1.0'?>" + rss(*THREE),
    "a document type": b"<!DOCTYPE rss [<!ENTITY x 'y'>]>" + rss(*THREE),
    "bad bytes": rss(*THREE).replace(b"Text 1", b"Text \xff"),
    "Latin-1": b"<?xml version='1.0' encoding='iso-8859-1'?>" + rss(*THREE).replace(b"Text 1", b"Text \xe9"),
    **{path.name: path.read_bytes() for path in DEMO.iterdir() if path.suffix in (".xml", ".json", ".rdf")},
}  # fmt: skip


def parse(body: bytes, **request: object) -> ParsedDocument:
    document = parse_and_convert(ParseRequest(body, FEED, "", Feed(FEED, "feed"), **request))  # type: ignore[arg-type]
    assert isinstance(document, ParsedDocument)
    return document


def comparable(document: ParsedDocument) -> ParsedDocument:
    return replace(document, known=tuple(sorted(document.known)), entries_by_xml={})


@pytest.mark.parametrize("name", DOCUMENTS)
def test_whatever_is_skipped_the_result_is_the_same(name: str) -> None:
    body = DOCUMENTS[name]
    first = parse(body)
    hashes = [each.entry_hash for each in first.candidates] + [each.entry_hash for each in first.rejected]
    for count in range(len(hashes) + 1):
        for some in list(combinations(hashes, count))[:20]:
            known = frozenset(some)
            assert comparable(parse(body, known=known, entries_by_xml=first.entries_by_xml)) == comparable(
                parse(body, known=known)
            )


def test_a_known_entry_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[str] = []

    def recording(decoded: Decoded, url: str) -> object:
        parsed.append(decoded.text)
        return parse_decoded(decoded, url)

    first = parse(rss(*THREE))
    monkeypatch.setattr(skip_known, "parse_decoded", recording)
    new = Item("New", guid="new", link=f"{HOME}new")
    second = parse(
        rss(new, *THREE), known=frozenset(a.entry_hash for a in first.candidates), entries_by_xml=first.entries_by_xml
    )
    assert [each.title for each in second.candidates] == ["New"]
    assert len(second.known) == 3
    (text,) = parsed
    assert text.count("<item>") == 1
    # The next poll can skip all four.
    assert len(second.entries_by_xml) == 4


def test_the_same_bytes_at_another_url_are_parsed_again() -> None:
    first = parse(ATOM)
    moved = ParseRequest(
        ATOM, "https://elsewhere.example/feed", "", Feed(FEED, "feed"), frozenset(), first.entries_by_xml
    )
    again = parse_and_convert(moved)
    assert isinstance(again, ParsedDocument)
    assert not first.entries_by_xml.keys() & again.entries_by_xml.keys()


def test_an_entry_with_one_changed_letter_is_parsed() -> None:
    first = parse(rss(*THREE))
    known = frozenset(each.entry_hash for each in first.candidates)
    changed = rss(replace(THREE[0], text="Text 0!"), *THREE[1:])
    second = parse(changed, known=known, entries_by_xml=first.entries_by_xml)
    assert [each.title for each in second.candidates] == ["Article 0"]
