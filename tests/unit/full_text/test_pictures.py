"""The pictures of a page: those of the article are kept with their captions, those of other articles are not."""

from __future__ import annotations

import re

import lxml.html
import pytest
from lxml.html import HtmlElement

from feedarchive.full_text.article_media import MediaCheck, Place
from feedarchive.full_text.extract_page import extract_page, page_tree
from feedarchive.full_text.model import PageRequest, PageText
from feedarchive.full_text.page_text import page_text
from tests.unit.full_text.recorded_pages import PAGES, URL, text

_PICTURE = re.compile(r"!\[[^\]]*\]\(https://gazette\.example(\S+?)\)")


def test_pictures_stay_where_they_are_in_the_text() -> None:
    body = text("news_with_boilerplate").body
    assert _PICTURE.findall(body) == ["/img/ferry-1200.jpg", "/img/ramp.jpg"]
    assert "![The ferry at the quay](https://gazette.example/img/ferry-1200.jpg)" in body
    assert "The Havørn at the quay of Great Skerry. Photo: K. Lund" in body
    assert body.index("1987") < body.index("/img/ramp.jpg") < body.index("Nine days in one month")


def test_pictures_that_a_script_would_load_are_found() -> None:
    body = text("lazy_pictures").body
    assert _PICTURE.findall(body) == ["/img/lead-1600.jpg", "/img/shop-960.jpg", "/img/deck.jpg"]
    assert "pixel.gif" not in body


@pytest.mark.parametrize(
    "other",
    [
        '<aside><img src="/other.jpg"></aside>',
        '<div class="newsletter-box"><img src="/other.jpg"></div>',
        '<img src="/other.jpg" class="author-avatar">',
        '<img src="/other.jpg" width="32" height="32">',
    ],
)
def test_a_picture_of_something_else_among_the_texts_is_left_out(other: str) -> None:
    assert "/other.jpg" not in _with("<h2>Who pays</h2>", f"{other}<h2>Who pays</h2>")


@pytest.mark.parametrize(
    "own",
    [
        '<figure class="share-bar"><img src="/own.jpg"><figcaption>A caption of the picture.</figcaption></figure>',
        '<div class="gallery-icon"><a href="/own.jpg"><img src="/own.jpg"></a></div>',
        '<div><img src="/own.jpg"><p>Photo: K. Lund</p></div>',
        '<g:plusone></g:plusone><p><img src="/own.jpg"></p>',
    ],
)
def test_a_picture_of_the_article_is_kept(own: str) -> None:
    assert "/own.jpg" in _with("<h2>Who pays</h2>", f"{own}<h2>Who pays</h2>")


@pytest.mark.parametrize(
    ("branch", "is_own"),
    [
        ('<a href="/n/7"><img><span>A seal on the slipway delays the regatta</span></a>', False),
        ('<a href="/n/7"><img></a>', True),
        (f"<div><img><p>{'Words of another article. ' * 15}</p></div>", False),
        (f"<div><figure><img><figcaption>{'Words of a caption. ' * 15}</figcaption></figure></div>", True),
        (f"<ul>{'<li><img>Some words beside each of many pictures</li>' * 9}</ul>", True),
    ],
)
def test_the_words_beside_a_picture_say_whose_it_is(branch: str, is_own: bool) -> None:
    """A paragraph or link text beside a picture may belong to another article. A caption belongs to the picture."""
    element = lxml.html.fragment_fromstring(branch)
    picture = next(element.iter("img"))
    assert MediaCheck().is_of_the_article(picture, element, Place.AMONG) is is_own


def test_the_page_is_not_changed() -> None:
    page = page_tree(PageRequest((PAGES / "lazy_pictures.html").read_bytes(), URL))
    assert isinstance(page, HtmlElement)
    assert extract_page(page, URL) == extract_page(page, URL)


def _with(old: str, new: str) -> str:
    """The text of the news page after ``old`` was replaced by ``new``."""
    page = (PAGES / "news_with_boilerplate.html").read_text(encoding="utf-8")
    assert page.count(old) == 1
    found = page_text(PageRequest(page.replace(old, new).encode(), URL, "text/html"))
    assert isinstance(found, PageText)
    return found.body


@pytest.mark.parametrize(
    ("shared", "shown", "is_kept"),
    [
        ("https://cdn.example/x/harbor-640x400.jpg", '<div class="hero"><img src="/img/harbor.jpg"></div>', True),
        ("/harbor.jpg", '<figure><a href="/gallery"><img data-src="/img/harbor.jpg"></a></figure>', True),
        ("/harbor.jpg", '<picture><source srcset="/harbor.webp"><img srcset="/harbor-300x200.jpg 1x"></picture>', True),
        ("/harbor.jpg", '<aside><img src="/img/harbor.jpg"></aside>', False),
        ("/harbor.jpg", '<a href="/n/7"><img src="/img/harbor.jpg"></a>', False),
        ("/harbor.jpg", '<img src="/img/other.jpg">', False),
        ("http://[", '<img src="http://[">', False),
    ],
)
def test_the_main_picture_of_the_page_is_put_before_the_text(shared: str, shown: str, is_kept: bool) -> None:
    page = (PAGES / "several_articles_on_one_page.html").read_text(encoding="utf-8")
    page = page.replace("<title>", f'<meta property="og:image" content="{shared}"><title>')
    page = page.replace("<main>", f"<div>{shown}</div><main>")
    found = page_text(PageRequest(page.encode(), URL, "text/html"))
    assert isinstance(found, PageText)
    assert found.body.startswith(("![", "[![")) is is_kept


def test_the_main_picture_of_the_page_is_in_the_text_once() -> None:
    body = _with("<title>", '<meta property="og:image" content="https://cdn.example/ferry-1200.jpg"><title>')
    assert body.count("/img/ferry-1200.jpg") == 1
