"""What was read before is left out, and the outcome is that of reading all of it."""

from __future__ import annotations

from dataclasses import replace
from itertools import combinations
from pathlib import Path

import pytest

from feedarchive.document.parse_document import parse_document
from feedarchive.feeds.feed import Feed
from feedarchive.parsing import skip_known
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParsedDocument, ParseRequest
from press import FEED, HOME, Item, rss

DEMO = Path(__file__).parents[3] / "seeds" / "demo"
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
    "one of them without a name": rss(THREE[0], replace(THREE[1], guid=None, link=None), THREE[2]),
    "two without a name, the same but for a mark": rss(
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


def whole(body: bytes, **request: object) -> ParsedDocument:
    reading = parse_and_convert(ParseRequest(body, FEED, "", Feed(FEED, "feed"), **request))  # type: ignore[arg-type]
    assert isinstance(reading, ParsedDocument)
    return reading


def comparable(reading: ParsedDocument) -> ParsedDocument:
    return replace(reading, known=tuple(sorted(reading.known)), seals={})


@pytest.mark.parametrize("name", DOCUMENTS)
def test_whatever_is_left_out_the_outcome_is_the_same(name: str) -> None:
    body = DOCUMENTS[name]
    first = whole(body)
    marks = [article.mark for article in first.articles] + [refused.mark for refused in first.refused]
    for count in range(len(marks) + 1):
        for some in list(combinations(marks, count))[:20]:
            known = frozenset(some)
            assert comparable(whole(body, known=known, seals=first.seals)) == comparable(whole(body, known=known))


def test_what_is_known_is_not_parsed(monkeypatch: pytest.MonkeyPatch) -> None:
    parsed: list[bytes] = []

    def watched(body: bytes, *rest: str) -> object:
        parsed.append(body)
        return parse_document(body, *rest)

    first = whole(rss(*THREE))
    monkeypatch.setattr(skip_known, "parse_document", watched)
    new = Item("New", guid="new", link=f"{HOME}new")
    second = whole(rss(new, *THREE), known=frozenset(a.mark for a in first.articles), seals=first.seals)
    assert [article.title for article in second.articles] == ["New"]
    assert len(second.known) == 3
    (body,) = parsed
    assert body.count(b"<item>") == 1
    # And the next poll knows all four.
    assert len(second.seals) == 4


def test_the_same_bytes_at_another_address_are_read_again() -> None:
    first = whole(ATOM)
    moved = ParseRequest(ATOM, "https://elsewhere.example/feed", "", Feed(FEED, "feed"), frozenset(), first.seals)
    again = parse_and_convert(moved)
    assert isinstance(again, ParsedDocument)
    assert not first.seals.keys() & again.seals.keys()


def test_a_change_of_one_letter_is_seen() -> None:
    first = whole(rss(*THREE))
    known = frozenset(article.mark for article in first.articles)
    changed = rss(replace(THREE[0], text="Text 0!"), *THREE[1:])
    second = whole(changed, known=known, seals=first.seals)
    assert [article.title for article in second.articles] == ["Article 0"]
