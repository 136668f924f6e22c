"""From an entry to an article: which text, which picture, which description, and nothing attached is lost."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from corpus.words_kept import words_kept
from feedarchive.article.article import Article
from feedarchive.article.compose import EntrySource, compose, entry_text, richest_text, wording_of
from feedarchive.document.model import Enclosure, Entry, Text

LINK = "https://example.com/2025/article"
SOURCE = EntrySource("https://example.com/feed", home_page="https://example.com/")
SHORT, LONG = Text("A short summary.", html=True), Text("<p>A long <b>text</b> with many more words.</p>", html=True)


def article_of(entry: Entry, source: EntrySource = SOURCE, link: str = LINK) -> Article:
    return compose(entry, "Title", link, source, "id")


def body_of_html(html: str, source: EntrySource = SOURCE, base: str = "") -> str:
    return article_of(Entry(contents=(Text(html, html=True, base=base),)), source).body


# Which text


def test_the_text_with_the_most_words_is_the_body() -> None:
    for entry in (
        Entry(contents=(LONG,), summary=SHORT),
        Entry(contents=(SHORT,), summary=LONG),
        Entry(contents=(SHORT, LONG)),
        Entry(summary=LONG),
        Entry(contents=(LONG,)),
    ):
        assert richest_text(entry) is LONG
        assert article_of(entry).body == "A long **text** with many more words."


def test_markup_is_no_text() -> None:
    decorated = Text(f"<div class='{'x' * 500}'>Short</div><script>{'x' * 500}</script>", html=True)
    assert richest_text(Entry(contents=(decorated,), summary=SHORT)) is SHORT


def test_of_two_texts_alike_the_content_is_the_body() -> None:
    content = Text("<p>Same words</p>", html=True)
    assert richest_text(Entry(contents=(content,), summary=Text("Same words"))) is content


def test_an_entry_without_text_has_an_empty_body() -> None:
    article = article_of(Entry())
    assert (article.body, article.description, article.image) == ("", "", "")
    assert richest_text(Entry()) is None
    assert entry_text(Entry()) == ""


def test_a_plain_text_is_not_taken_for_html() -> None:
    assert article_of(Entry(summary=Text("1 < 2 &amp; <b>x</b>\n\ny"))).body == "1 \\< 2 \\&amp; \\<b>x\\</b>\n\ny"


def test_a_feed_may_want_html() -> None:
    source = EntrySource("https://example.com/feed", html_body=True)
    body = body_of_html("<p onclick=x>10<sup>3</sup> <a href='/x'>{{&lt; y &gt;}}</a><script>z</script></p>", source)
    assert body == '<div><p>10<sup>3</sup> <a href="https://example.com/x">{&#123;&lt; y &gt;}}</a></p></div>'


# Descriptions


def test_the_summary_is_the_description_where_there_is_another_text() -> None:
    assert article_of(Entry(contents=(LONG,), summary=SHORT)).description == "A short summary."


def test_the_beginning_of_the_text_is_the_description_where_there_is_no_other() -> None:
    for entry in (Entry(summary=LONG), Entry(contents=(LONG,)), Entry(contents=(LONG,), summary=Text(" "))):
        assert article_of(entry).description == "A long text with many more words."


def test_a_description_is_one_plain_line_of_at_most_500_characters() -> None:
    words = "<p>AT&amp;amp;T\n" + "word " * 1_000 + "</p>"
    for entry in (Entry(summary=Text(words, html=True)), Entry(contents=(LONG,) * 2, summary=Text(words, html=True))):
        description = article_of(entry).description
        assert description.startswith("AT&amp;T word word")
        assert description.endswith("word…")
        assert 490 < len(description) <= 500


# Pictures


@pytest.mark.parametrize(
    ("entry", "image"),
    [
        (Entry(images=("/named.jpg",)), "https://example.com/named.jpg"),
        (Entry(images=("javascript:x", "data:image/png;base64,x", "//cdn.org/b.jpg")), "https://cdn.org/b.jpg"),
        (Entry(enclosures=(Enclosure("/a.mp3", "audio/mpeg"), Enclosure("/b.jpg", "image/jpeg"))), "/b.jpg"),
        (Entry(contents=(Text("<p>x</p><img src='/c.jpg'><img src='/d.jpg'>", html=True),)), "/c.jpg"),
        (Entry(contents=(Text("<img src='/1.gif' width=1 height=1><img src='/d.jpg'>", html=True),)), "/d.jpg"),
        (Entry(contents=(Text("<img data-src='/lazy.jpg' src='data:image/gif;base64,x'>", html=True),)), "/lazy.jpg"),
        (Entry(images=("/n.jpg",), contents=(Text("<img src='/c.jpg'>", html=True),)), "/n.jpg"),
        (Entry(contents=(Text("no picture", html=True),)), ""),
    ],
)
def test_the_picture_is_the_one_named_or_attached_or_the_first_in_the_text(entry: Entry, image: str) -> None:
    expected = f"https://example.com{image}" if image.startswith("/") else image
    assert article_of(entry).image == expected


def test_an_address_of_a_picture_is_as_it_is_not_as_markdown_has_it() -> None:
    html = "<img src='/a(b_c.jpg?x=1&amp;y={2}'>"
    assert article_of(Entry(contents=(Text(html, html=True),))).image == "https://example.com/a(b_c.jpg?x=1&y=%7B2%7D"


# Enclosures


def test_enclosures_are_listed_once_below_the_text() -> None:
    audio = Enclosure("/episode.mp3", "audio/mpeg", 12_000_000)
    entry = Entry(
        contents=(Text("<p>Notes</p>", html=True),),
        enclosures=(audio, Enclosure("/episode.mp3"), Enclosure("/notes.pdf")),
    )
    assert article_of(entry).body.split("\n") == [
        "Notes",
        "",
        "* [audio/mpeg, 12.0 MB](https://example.com/episode.mp3)",
        "* [attached file](https://example.com/notes.pdf)",
    ]


def test_enclosures_alone_are_a_body() -> None:
    assert article_of(Entry(enclosures=(Enclosure("/a.mp3", title="Part [1]"),))).body == (
        "* [Part \\[1\\]](https://example.com/a.mp3)"
    )


@pytest.mark.parametrize("html_body", [False, True])
@pytest.mark.parametrize(
    "shown",
    [
        "<a href='/a_(b.mp3?x=1&amp;y=2'>listen</a>",
        "<audio src='/a_(b.mp3?x=1&amp;y=2'></audio>",
        "<img src='/a_(b.mp3?x=1&amp;y=2'>",
    ],
)
def test_what_the_text_links_or_shows_is_not_listed_again(shown: str, html_body: bool) -> None:
    source = EntrySource("https://example.com/feed", html_body=html_body)
    entry = Entry(contents=(Text(shown, html=True),), enclosures=(Enclosure("/a_(b.mp3?x=1&y=2"),))
    assert "attached" not in article_of(entry, source).body


@pytest.mark.parametrize(
    "text", ["<a href='/a.mp3?download'>x</a>", "<a href='/a.mp3x'>x</a>", "See https://example.com/a.mp3 there"]
)
def test_what_only_looks_like_an_enclosure_does_not_hide_it(text: str) -> None:
    entry = Entry(contents=(Text(text, html=True),), enclosures=(Enclosure("/a.mp3"),))
    assert article_of(entry).body.endswith("* [attached file](https://example.com/a.mp3)")


def test_the_articles_picture_is_not_listed_again() -> None:
    article = article_of(Entry(enclosures=(Enclosure("/a.jpg", "image/jpeg"), Enclosure("/b.jpg", "image/jpeg"))))
    assert article.image == "https://example.com/a.jpg"
    assert article.body == "* [image/jpeg](https://example.com/b.jpg)"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "", "http://["])
def test_an_enclosure_that_is_nowhere_on_the_web_is_not_listed(url: str) -> None:
    assert article_of(Entry(enclosures=(Enclosure(url, "audio/mpeg"),))).body == ""


# Links


def test_relative_links_are_relative_to_the_articles_page() -> None:
    assert body_of_html("<a href='x'>x</a>") == "[x](https://example.com/2025/x)"


def test_a_text_with_a_base_of_its_own_follows_that() -> None:
    assert body_of_html("<a href='x'>x</a>", base="https://example.com/base/") == "[x](https://example.com/base/x)"


def test_without_a_link_relative_links_are_relative_to_the_document() -> None:
    entry = Entry(contents=(Text("<a href='x'>x</a>", html=True),))
    assert article_of(entry, link="").body == "[x](https://example.com/x)"
    moved = EntrySource("https://example.com/feed", base="https://example.com/moved/feed")
    assert article_of(entry, moved, link="").body == "[x](https://example.com/moved/x)"


# The rest


def test_names_are_plain_lines_each_once() -> None:
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


def test_a_hundred_names_are_enough() -> None:
    assert len(article_of(Entry(tags=tuple(str(n) for n in range(100_000)))).tags) == 100


def test_dates_are_the_publishers_or_none() -> None:
    article = article_of(Entry(published="Thu, 25 Dec 2025 10:11:12 +0100", updated="not a date"))
    assert article.published == datetime(2025, 12, 25, 9, 11, 12, tzinfo=UTC)
    assert article.updated is None


def test_a_title_of_a_megabyte_is_shortened() -> None:
    title = compose(Entry(), "word " * 200_000, LINK, SOURCE, "id").title
    assert 990 < len(title) <= 1_000


def test_the_wording_is_of_title_and_text_and_blind_to_markup() -> None:
    plain, marked = Entry(summary=Text("Some words.")), Entry(summary=Text("<p>Some <b>WORDS</b></p>", html=True))
    assert wording_of("Title", plain) == wording_of("title!", marked) == article_of(plain).wording
    assert wording_of("Title", plain) != wording_of("Other", plain)
    assert wording_of("Title", plain) != wording_of("Title", Entry(summary=Text("Other words.")))


def test_the_wording_knows_the_words_of_formulas_and_of_what_looks_like_elements() -> None:
    one = Entry(summary=Text("<p>vector<int> one <math><mn>1</mn></math></p>", html=True))
    other = Entry(summary=Text("<p>vector<int> two <math><mn>2</mn></math></p>", html=True))
    assert wording_of("Title", one) != wording_of("Title", other)


@pytest.mark.parametrize("where", ["contents", "summary", "title"])
def test_broken_characters_and_bases_stop_no_entry(where: str) -> None:
    broken = Text("\ud800 \x00 <p>words \ufffe", html=True, base="http://[")
    entry = {"contents": Entry(contents=(broken,)), "summary": Entry(summary=broken), "title": Entry(title=broken)}[
        where
    ]
    article = article_of(entry)
    if where != "title":
        assert article.body == "words"
        assert words_kept("words", article.body).share == 1.0
