"""An entry becomes an article: its text, description, authors, tags and dates."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from feedarchive.article.article import Article
from feedarchive.article.choose_text import choose_text
from feedarchive.article.compose import EntrySource, compose
from feedarchive.article.version_1_text import entry_text, richest_text
from feedarchive.document.model import Entry, Text
from feedarchive.markdown.visible_text import plain_line
from tests.harness.words_kept import words_kept

LINK = "https://example.com/2025/article"
SOURCE = EntrySource("https://example.com/feed", home_page="https://example.com/")
SHORT, LONG = Text("A short summary.", html=True), Text("<p>A long <b>text</b> with many more words.</p>", html=True)


def article_of(entry: Entry, source: EntrySource = SOURCE, link: str = LINK) -> Article:
    return compose(entry, "Title", link, source, "id")


def body_of_html(html: str, source: EntrySource = SOURCE, base: str = "") -> str:
    return article_of(Entry(contents=(Text(html, html=True, base=base),)), source).body


def test_ids_depend_on_the_text_with_the_most_words() -> None:
    for entry in (
        Entry(contents=(LONG,), summary=SHORT),
        Entry(contents=(SHORT,), summary=LONG),
        Entry(contents=(SHORT, LONG)),
        Entry(summary=LONG),
        Entry(contents=(LONG,)),
    ):
        assert richest_text(entry) is LONG


def test_markup_does_not_count_as_text() -> None:
    decorated = Text(f"<div class='{'x' * 500}'>Short</div><script>{'x' * 500}</script>", html=True)
    assert richest_text(Entry(contents=(decorated,), summary=SHORT)) is SHORT


def test_among_equal_texts_the_content_is_the_body() -> None:
    content = Text("<p>Same words</p>", html=True)
    assert richest_text(Entry(contents=(content,), summary=Text("Same words"))) is content


def test_an_entry_without_text_has_an_empty_body() -> None:
    article = article_of(Entry())
    assert (article.body, article.description, article.image) == ("", "", "")
    assert richest_text(Entry()) is None
    assert entry_text(Entry()) == ""


def test_plain_text_is_not_parsed_as_html() -> None:
    assert article_of(Entry(summary=Text("1 < 2 &amp; <b>x</b>\n\ny"))).body == "1 \\< 2 \\&amp; \\<b>x\\</b>\n\ny"


def test_a_feed_may_ask_for_an_html_body() -> None:
    source = EntrySource("https://example.com/feed", html_body=True)
    body = body_of_html("<p onclick=x>10<sup>3</sup> <a href='/x'>{{&lt; y &gt;}}</a><script>z</script></p>", source)
    assert body == '<div><p>10<sup>3</sup> <a href="https://example.com/x">{&#123;&lt; y &gt;}}</a></p></div>'


def test_the_summary_is_the_description_beside_another_text() -> None:
    assert article_of(Entry(contents=(LONG,), summary=SHORT)).description == "A short summary."


def test_the_beginning_of_the_text_is_the_description_without_a_summary() -> None:
    for entry in (Entry(summary=LONG), Entry(contents=(LONG,)), Entry(contents=(LONG,), summary=Text(" "))):
        assert article_of(entry).description == "A long text with many more words."


def test_a_description_is_one_plain_line_of_at_most_500_characters() -> None:
    words = "<p>AT&amp;amp;T\n" + "word " * 1_000 + "</p>"
    for entry in (Entry(summary=Text(words, html=True)), Entry(contents=(LONG,) * 2, summary=Text(words, html=True))):
        description = article_of(entry).description
        assert description.startswith("AT&amp;T word word")
        assert description.endswith("word…")
        assert 490 < len(description) <= 500


def test_relative_links_are_resolved_against_the_link() -> None:
    assert body_of_html("<a href='x'>x</a>") == "[x](https://example.com/2025/x)"


def test_a_base_of_the_text_takes_precedence() -> None:
    assert body_of_html("<a href='x'>x</a>", base="https://example.com/base/") == "[x](https://example.com/base/x)"


def test_without_a_link_relative_links_are_resolved_against_the_document() -> None:
    entry = Entry(contents=(Text("<a href='x'>x</a>", html=True),))
    assert article_of(entry, link="").body == "[x](https://example.com/x)"
    moved = EntrySource("https://example.com/feed", base="https://example.com/moved/feed")
    assert article_of(entry, moved, link="").body == "[x](https://example.com/moved/x)"


def test_in_page_links_lead_to_the_page_of_the_article() -> None:
    entry = Entry(contents=(Text("<a href='#x'>x</a>", html=True),))
    assert article_of(entry).body == f"[x]({LINK}#x)"
    by_guid = Entry(guid="https://example.com/7", contents=entry.contents)
    assert article_of(by_guid, link="https://other.example/7").body == "[x](https://example.com/7#x)"
    assert article_of(entry, link="https://other.example/7").body == "x"


def test_a_description_has_a_formula_once() -> None:
    html = (
        "<p>So <span class='katex'><math><semantics><mfrac><mi>a</mi><mn>2</mn></mfrac>"
        "<annotation encoding='application/x-tex'>\\frac{a}{2}</annotation></semantics></math>"
        "<span class='katex-html'>2a</span></span> it is.</p>"
    )
    assert article_of(Entry(contents=(Text(html, html=True),))).description == "So a/2 it is."


def test_a_title_has_raised_numbers() -> None:
    def title_of(html: str) -> str:
        title = Text(html, html=True)
        return compose(Entry(title=title), plain_line(title), LINK, SOURCE, "id").title

    assert title_of("10<sup>3</sup> of H<sub>2</sub>O") == "10³ of H₂O"
    assert title_of("x<sup>any</sup>") == "xany"
    assert compose(Entry(title=Text("1<sup>2</sup>", html=True)), "Another", LINK, SOURCE, "id").title == "Another"


def test_better_text_extraction_changes_no_wording() -> None:
    """If wordings changed with a new release, every article would get a revision."""
    for html, same in (
        ("10<sup>3</sup> and <math><mn>1</mn></math>", "103 and 1"),
        ("<script src='x'/><p>words</p>", ""),
        ("<svg><title>T</title></svg>", "T"),
    ):
        better, before = Entry(summary=Text(html, html=True)), Entry(summary=Text(same))
        assert article_of(better).wording == article_of(before).wording


def test_names_are_distinct_plain_lines() -> None:
    article = compose(
        Entry(
            authors=("Jane <b>Doe</b>", "Jane Doe", " ", "R&amp;D\nTeam"),
            tags=("a", "b", "a", "", "<i></i>", "x" * 300),
            guid=" tag:\nx ",
            language="de",
        ),
        "Title",
        LINK,
        EntrySource("https://example.com/feed", title="Feed", language="en", tags=("b", "mine")),
        "id",
    )
    assert article.authors == ("Jane Doe", "R&D Team")
    assert article.tags == ("a", "b", "x" * 199 + "…", "mine")
    assert (article.guid, article.language, article.feed) == ("tag: x", "de", "Feed")


def test_at_most_a_hundred_names_are_kept() -> None:
    assert len(article_of(Entry(tags=tuple(str(n) for n in range(100_000)))).tags) == 100


def test_dates_are_parsed_or_none() -> None:
    article = article_of(Entry(published="Thu, 25 Dec 2025 10:11:12 +0100", updated="not a date"))
    assert article.published == datetime(2025, 12, 25, 9, 11, 12, tzinfo=UTC)
    assert article.updated is None


def test_a_title_of_a_megabyte_is_shortened() -> None:
    title = compose(Entry(), "word " * 200_000, LINK, SOURCE, "id").title
    assert 990 < len(title) <= 1_000


def test_the_wording_depends_on_title_and_text_but_not_on_markup() -> None:
    plain, marked = Entry(summary=Text("Some words.")), Entry(summary=Text("<p>Some <b>WORDS</b></p>", html=True))

    def wording_of(title: str, entry: Entry) -> str:
        return choose_text(entry).wording(title)

    assert wording_of("Title", plain) == wording_of("title!", marked) == article_of(plain).wording
    assert wording_of("Title", plain) != wording_of("Other", plain)
    assert wording_of("Title", plain) != wording_of("Title", Entry(summary=Text("Other words.")))


def test_the_wording_includes_formulas_and_unknown_elements() -> None:
    one = Entry(summary=Text("<p>vector<int> one <math><mn>1</mn></math></p>", html=True))
    other = Entry(summary=Text("<p>vector<int> two <math><mn>2</mn></math></p>", html=True))
    assert choose_text(one).wording("Title") != choose_text(other).wording("Title")


@pytest.mark.parametrize("where", ["contents", "summary", "title"])
def test_broken_characters_and_bases_are_tolerated(where: str) -> None:
    broken = Text("\ud800 \x00 <p>words \ufffe", html=True, base="http://[")
    entry = {"contents": Entry(contents=(broken,)), "summary": Entry(summary=broken), "title": Entry(title=broken)}[
        where
    ]
    article = article_of(entry)
    if where != "title":
        assert article.body == "words"
        assert words_kept("words", article.body).share == 1.0
