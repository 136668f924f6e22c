"""XML whose tags do not match: only the entry that contains them is affected."""

from __future__ import annotations

import html
from dataclasses import replace
from pathlib import Path

import pytest

from feedarchive.document.model import Document, Text
from feedarchive.document.parse_document import parse_document
from tests.unit.document.small_feeds import NOT_WELL_FORMED, URL, item, read, rss

FIXTURES = Path(__file__).parent / "fixtures"


@pytest.mark.parametrize(
    "broken",
    [
        "<item><title>broken</item>",
        "<item><title>broken</title><description>never closed<pubDate>2025</pubDate></item>",
        "<item><title>broken</title><description><b>bold<p>text</description></item>",
        "<item><title>broken</title>",
        "<item><title>broken</title></description></item>",
        "<item></description><title>broken</title></item>",
        "<item><title>broken</title></b></p></title></channel2></item>",
        "<item><title>broken</title><source url='https://example.org/'>never closed</item>",
        "<item><title>broken</title><image><url>https://example.org/i.png</url></item>",
        "<item><title>broken</title><author>never closed</item>",
        "<item><title>broken</title><media:thumbnail>never closed</item>",
        "<item><title>broken</title><guid>never closed</item>",
        "<item><title>broken</title><category>never closed</item>",
        "<item><title>broken</title><content type='html'>never closed</item>",
        "<item><title>broken</title></width></height></item>",
        "<item><title>broken</title></category></media:thumbnail></media:credit></newlocation></item>",
        "<item><title>broken</title><enclosure url='https://example.org/ type='audio/mpeg'/></item>",
        "<item><title>broken</title><undeclared:thing>x</undeclared:thing></item>",
        "<item><title>broken</title><link>https://example.org/<image><link><b></link></b></item>",
        "<item><title>broken</title><br></item>",
        "<item><title>broken</title><a b c=d e='f>text</a></item>",
        "<item><title>broken</title><svg><title>x</item>",
    ],
)
def test_an_entry_that_is_not_well_formed_affects_no_other_entry(broken: str) -> None:
    inside = "<guid>https://example.org/g?a=1&amp;b=2</guid><description>&lt;p>Text &amp;amp; more&lt;/p></description>"
    complete = read(rss(item("before", inside), item("after", inside), item("last", inside)))
    assert complete.damage == ()
    document = read(rss(item("before", inside), broken, item("after", inside), item("last", inside)))
    assert document.damage[0].startswith(NOT_WELL_FORMED)
    assert document.title == complete.title
    first, damaged, *others = document.entries
    assert (first, *others) == complete.entries
    assert damaged.title.value.startswith("broken")
    assert document.cut_off is None


@pytest.mark.parametrize(
    "unclosed", ["<title>The feed", "<description>Words<b>", "<image><title>An image", "<ttl>5", "</description></p>"]
)
def test_an_element_that_the_channel_does_not_close_affects_no_entry(unclosed: str) -> None:
    items = [item("one"), item("two")]
    document = read(f'<rss version="2.0"><channel>{unclosed}{"".join(items)}</channel></rss>')
    assert document.entries == read(rss(*items)).entries
    assert document.damage[0].startswith(NOT_WELL_FORMED)


@pytest.mark.parametrize("inside", ["</b></i></p></div>", "<never_closed xml:base='c/' xml:lang='it'>"])
def test_missing_or_additional_end_tags_of_an_entry_do_not_affect_the_next(inside: str) -> None:
    head = '<feed xmlns="http://www.w3.org/2005/Atom" xml:base="https://base.example/" xml:lang="fr">'
    broken = '<entry xml:base="a/" xml:lang="de"><title>broken</title>' + inside + "</entry>"
    document = read(f'{head}{broken}<entry><title>next</title><link href="b"/></entry></feed>')
    assert [entry.title.value for entry in document.entries] == ["broken", "next"]
    assert document.entries[1].link == "https://base.example/b"
    assert document.entries[1].language == "fr"


@pytest.mark.parametrize(
    ("namespace", "error"),
    [("http://purl.org/dc elements/", "line 1: syntax error"), ("dc\u00a0elements", "white space in a namespace")],
)
def test_white_space_in_a_namespace_loses_nothing(namespace: str, error: str) -> None:
    inside = "<dc:creator>Ada</dc:creator>"
    text = rss(item("one", inside), item("two", inside))
    document = read(text.replace("<rss", f'<rss xmlns:dc="{namespace}"'))
    assert [(entry.title.value, entry.authors) for entry in document.entries] == [("one", ("Ada",)), ("two", ("Ada",))]
    assert document.damage == (f"{NOT_WELL_FORMED} ({error})",)


@pytest.mark.parametrize("path", sorted(FIXTURES.glob("*.xml")), ids=lambda path: path.name)
def test_the_tolerant_parser_finds_the_same_entries_as_the_strict_one(path: Path) -> None:
    text = path.read_text(encoding="latin-1")
    strict = parse_document(text.encode("latin-1"), URL)
    root_end = text.rindex("</")
    tolerant = parse_document(f"{text[:root_end]}</never_opened>{text[root_end:]}".encode("latin-1"), URL)
    assert isinstance(strict, Document)
    assert isinstance(tolerant, Document)
    assert tolerant.damage[0].startswith(NOT_WELL_FORMED)
    assert _rendered(tolerant) == _rendered(strict)


def _rendered(document: Document) -> Document:
    """The document with all HTML entities decoded, because the tolerant parser decodes more of them."""
    entries = tuple(
        replace(
            entry,
            title=_rendered_text(entry.title),
            contents=tuple(_rendered_text(text) for text in entry.contents),
            summary=entry.summary and _rendered_text(entry.summary),
        )
        for entry in document.entries
    )
    return replace(document, entries=entries, damage=(), intact=True)


def _rendered_text(text: Text) -> Text:
    if not text.html:
        return text
    rendered = html.unescape(text.value).replace(' xmlns="http://www.w3.org/1999/xhtml"', "")
    return Text(rendered, html="<" in rendered, base=text.base)
