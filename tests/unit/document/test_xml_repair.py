"""Damaged XML that is repaired without guessing."""

from __future__ import annotations

import re

import pytest

from feedarchive.document.model import Text
from tests.unit.document.small_feeds import NOT_WELL_FORMED, URL, item, read, rss, summary, titles


def test_a_correct_document_has_no_damage() -> None:
    document = read(rss(item("one"), item("two")))
    assert (titles(document), document.damage, document.cut_off) == (["one", "two"], (), None)
    assert document.intact


@pytest.mark.parametrize(
    ("text", "intact"),
    [
        ("\n" + rss(item("white space")), True),
        (rss(item("control\x00characters")), True),
        (rss(item("bare & ampersand")), True),
        (rss(item("caf&eacute;")), True),
        (rss(item("never closed", "<description>")), False),
        (rss(item("closed too often", "</description>")), False),
        (rss(item("cut off")).removesuffix("</rss>"), False),
        (rss(item("one"), item("two")).split("<link>https://example.org/two")[0], False),
    ],
)
def test_a_document_is_intact_unless_tags_were_guessed_or_its_end_is_missing(text: str, intact: bool) -> None:
    document = read(text)
    assert document.damage
    assert document.intact is intact


# --- Stray ampersands and less-than signs, entities ---


def test_stray_ampersands_are_text() -> None:
    inside = "<description>R&D & more &amp; &lt;b>x&lt;/b></description><author>A & B</author><category>S&P</category>"
    document = read(rss(item("AT&T", inside), "<item><link>https://example.org/?a=1&b=2&copy=3</link></item>"))
    first, second = document.entries
    assert first.title == Text("AT&T", html=False, base=URL)
    assert first.summary == Text("R&D & more & <b>x</b>", html=True, base=URL)
    assert (first.authors, first.tags) == (("A & B",), ("S&P",))
    assert second.link == "https://example.org/?a=1&b=2&copy=3"
    assert document.damage == (f"{NOT_WELL_FORMED} (line 2: not well-formed (invalid token))",)
    assert document.cut_off is None


def test_ampersands_in_cdata_and_comments_are_not_damage() -> None:
    document = read(rss("<!-- R&D &nbsp; -->", item("one", "<description><![CDATA[R&D &nbsp;]]></description>")))
    assert summary(document.entries[0]) == "R&D &nbsp;"
    assert document.damage == ()


def test_a_repair_elsewhere_changes_nothing_in_cdata_and_comments() -> None:
    document = read(rss("<!-- R&D -->", item("A&B", "<description><![CDATA[R&D &nbsp; 1 < 2]]></description>")))
    assert titles(document) == ["A&B"]
    assert summary(document.entries[0]) == "R&D &nbsp; 1 < 2"


def test_entities_of_html_need_no_dtd() -> None:
    document = read(rss(item("caf&eacute;&nbsp;&hellip; &NotEqual; &AMP; &unknown; &lt;&#233;&#xE9;")))
    assert titles(document) == ["café\xa0… ≠ &AMP; &unknown; <éé"]
    assert document.damage == (f"{NOT_WELL_FORMED} (line 2: undefined entity)",)


def test_entities_that_the_document_declares_are_expanded() -> None:
    doctype = '<!DOCTYPE rss [\n<!ENTITY site "The site">\n<!ENTITY eacute "&#233;">\n]>\n'
    document = read(doctype + rss(item("&site;: caf&eacute;")))
    assert (titles(document), document.damage) == (["The site: café"], ())


@pytest.mark.parametrize(
    ("title", "expected"),
    [
        ("a < b", "a < b"),
        ("a <b", "a <b"),
        ("c<d and 1<2 and 3 <4", "c<d and 1<2 and 3 <4"),
        ("<", "<"),
        ("I <3 you", "I <3 you"),
        ("a > b ]> c", "a > b ]> c"),
    ],
)
def test_a_stray_less_than_sign_is_text(title: str, expected: str) -> None:
    document = read(rss(item("before"), f"<item><title>{title}</title></item>", item("after")))
    assert titles(document) == ["before", expected, "after"]
    assert document.entries[2].link == "https://example.org/after"


# --- Before the root element ---


@pytest.mark.parametrize("before", ["\n", "\r\n  ", "\n\n\t"])
def test_white_space_before_the_declaration_is_skipped_and_reported(before: str) -> None:
    document = read(f'{before}<?xml version="1.0" encoding="utf-8"?>\n{rss(item("é"))}')
    assert (titles(document), document.damage) == (["é"], ("white space before the first line",))


def test_a_byte_order_mark_is_not_damage() -> None:
    document = read(f'\ufeff<?xml version="1.0"?>{rss(item("é"))}')
    assert (titles(document), document.damage) == (["é"], ())


def test_a_byte_order_mark_may_come_twice_or_after_white_space() -> None:
    assert titles(read(f"\ufeff\ufeff{rss(item('é'))}")) == ["é"]
    assert titles(read(f"\n\ufeff{rss(item('é'))}")) == ["é"]


@pytest.mark.parametrize("declared", ["utf-16", "klingon", "iso-8859-1", "utf-8", "base64"])
def test_the_declared_encoding_does_not_mislead_the_parser(declared: str) -> None:
    document = read(f'<?xml version="1.0" encoding="{declared}" standalone="yes"?>{rss(item("Größe 東"))}')
    assert (titles(document), document.damage) == (["Größe 東"], ())


def test_html_warnings_around_the_feed_are_skipped() -> None:
    document = read(f"<br />\n<b>Warning</b>: it is late in <b>/feed</b>\n{rss(item('one'), item('two'))}\n<script>")
    assert titles(document) == ["one", "two"]
    assert document.damage[0].startswith(f"{NOT_WELL_FORMED} (line 2: ")
    assert document.cut_off is None


# --- Control characters ---


def test_control_characters_and_references_to_them_are_removed() -> None:
    forbidden = "a\x00b\x08c\x0bd\x1be\x7ff\ufffeg&#0;h&#8;i&#x1F;j&#31;k&#xD800;l&#xFFFE;m\x81n"
    document = read(rss(item("one", f"<description>{forbidden}</description>")))
    assert summary(document.entries[0]) == "abcdefghijklmn"
    assert document.damage == ("control characters",)


def test_tabs_newlines_and_references_to_them_stay() -> None:
    document = read(rss(item("one", "<description>a\tb\nc&#9;d&#10;e&#xA;f&#x20;g</description>")))
    assert summary(document.entries[0]) == "a\tb\nc\td\ne\nf g"
    assert document.damage == ()


def test_control_characters_that_were_quotes_in_windows_1252_become_quotes() -> None:
    document = read(rss(item("\x93It\x92s\x94 &#150; &#x80;")))
    assert (titles(document), document.damage) == (["“It’s” – €"], ())


@pytest.mark.parametrize("reference", ["&#55296;", "&#1114112;", "&#x110000;", "&#99999999999999999999;", "&#9a;"])
def test_an_invalid_character_reference_loses_nothing_else(reference: str) -> None:
    document = read(rss(item("before"), f"<item><title>a{reference}b</title></item>", item("after")))
    before, strange, after = titles(document)
    assert (before, after) == ("before", "after")
    assert re.fullmatch(r"a.*b", strange)
    assert document.damage[0].startswith(NOT_WELL_FORMED)
