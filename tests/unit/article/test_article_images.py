"""The image and the enclosures of an article."""

from __future__ import annotations

import pytest

from feedarchive.article.compose import EntrySource
from feedarchive.document.model import Enclosure, Entry, Text
from tests.unit.article.test_compose import article_of


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
        (Entry(contents=(Text("no image", html=True),)), ""),
    ],
)
def test_the_image_is_declared_or_attached_or_the_first_in_the_text(entry: Entry, image: str) -> None:
    expected = f"https://example.com{image}" if image.startswith("/") else image
    assert article_of(entry).image == expected


@pytest.mark.parametrize(
    "unfit",
    [
        "https://1.gravatar.com/avatar/00aa?s=96&d=identicon",
        "https://avatars.githubusercontent.com/u/7?v=4",
        "https://cdn.example/avatars/7.png",
        "https://feeds.feedburner.com/~ff/example?d=qj6IDK7rITs",
        "https://s.w.org/images/core/emoji/15.0.3/72x72/1f600.png",
        "https://example.com/favicon.ico",
        "https://s0.wp.com/latex.php?latex=x",
        "https://example.com/spacer.gif",
    ],
)
def test_avatars_buttons_emoji_and_formulas_do_not_represent_an_article(unfit: str) -> None:
    html = f"<p><img src='{unfit.replace('&', '&amp;')}'></p><p><img src='/real.jpg'></p>"
    in_text = Entry(contents=(Text(html, html=True),))
    declared = Entry(images=(unfit,), contents=(Text("<img src='/real.jpg'>", html=True),))
    attached = Entry(enclosures=(Enclosure(unfit, "image"), Enclosure("/real.jpg", "image")))
    for entry in (in_text, declared, attached):
        assert article_of(entry).image == "https://example.com/real.jpg"
    assert article_of(attached).body == ""


@pytest.mark.parametrize(
    "attributes",
    [
        "style='display: none'",
        "hidden",
        "width=20 height=20",
        "width=1",
        "class='avatar photo'",
        "style='visibility:hidden'",
    ],
)
def test_hidden_images_and_icons_do_not_represent_an_article(attributes: str) -> None:
    entry = Entry(contents=(Text(f"<img src='/no.jpg' {attributes}><img src='/yes.jpg' width=20%>", html=True),))
    assert article_of(entry).image == "https://example.com/yes.jpg"


@pytest.mark.parametrize(("kind", "url"), [("", "/a.JPG?x=1"), ("IMAGE/PNG", "/a"), ("image", "/a")])
def test_an_enclosure_is_an_image_by_its_type_or_extension(kind: str, url: str) -> None:
    assert article_of(Entry(enclosures=(Enclosure(url, kind),))).image == f"https://example.com{url}"


def test_the_image_url_is_not_encoded_for_markdown() -> None:
    html = "<img src='/a(b_c.jpg?x=1&amp;y={2}'>"
    assert article_of(Entry(contents=(Text(html, html=True),))).image == "https://example.com/a(b_c.jpg?x=1&y=%7B2%7D"


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
def test_an_enclosure_that_the_text_links_is_not_listed_again(shown: str, html_body: bool) -> None:
    source = EntrySource("https://example.com/feed", html_body=html_body)
    entry = Entry(contents=(Text(shown, html=True),), enclosures=(Enclosure("/a_(b.mp3?x=1&y=2"),))
    assert "attached" not in article_of(entry, source).body


@pytest.mark.parametrize(
    "text", ["<a href='/a.mp3?download'>x</a>", "<a href='/a.mp3x'>x</a>", "<p>See https://example.com/a.mp3 there</p>"]
)
def test_a_similar_url_in_the_text_does_not_hide_an_enclosure(text: str) -> None:
    entry = Entry(contents=(Text(text, html=True),), enclosures=(Enclosure("/a.mp3"),))
    assert article_of(entry).body.endswith("* [attached file](https://example.com/a.mp3)")


def test_the_image_of_the_article_is_not_listed_again() -> None:
    article = article_of(Entry(enclosures=(Enclosure("/a.jpg", "image/jpeg"), Enclosure("/b.jpg", "image/jpeg"))))
    assert article.image == "https://example.com/a.jpg"
    assert article.body == "* [image/jpeg](https://example.com/b.jpg)"


@pytest.mark.parametrize("url", ["javascript:alert(1)", "data:text/html,x", "file:///etc/passwd", "", "http://["])
def test_an_enclosure_without_a_web_url_is_not_listed(url: str) -> None:
    assert article_of(Entry(enclosures=(Enclosure(url, "audio/mpeg"),))).body == ""
