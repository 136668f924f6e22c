"""The full text is the text that the library finds, or JSON-LD with the same words and many more."""

from __future__ import annotations

import pytest

from feedarchive.full_text.model import NoText, NoTextReason, PageRequest, PageText
from feedarchive.full_text.page_text import page_text
from tests.unit.full_text.recorded_pages import FIRST, LAST, PAGES, URL, text


def test_json_ld_completes_a_text_that_a_script_would_load() -> None:
    found = text("text_only_in_json_ld")
    assert found.extractor == "json-ld"
    assert found.body.startswith(FIRST)
    assert found.body.endswith(LAST)
    assert found.body.count("\n\n") == 5


def test_json_ld_of_an_article_that_has_to_be_paid_for_is_not_used() -> None:
    body = _page("text_only_in_json_ld").replace(
        '"@type": "NewsArticle"', '"@type": "NewsArticle", "isAccessibleForFree": false'
    )
    found = page_text(PageRequest(body.encode(), URL, "text/html"))
    assert isinstance(found, NoText)
    assert found.reason is NoTextReason.PAYWALL


def test_json_ld_with_other_words_than_the_page_is_not_used() -> None:
    body = _page("news_with_boilerplate").replace(
        "<title>",
        f'<script type="application/ld+json">{{"articleBody": "{"Entirely other things. " * 300}"}}</script><title>',
    )
    found = page_text(PageRequest(body.encode(), URL, "text/html"))
    assert isinstance(found, PageText)
    assert "Entirely other things" not in found.body
    assert FIRST in found.body


def test_json_ld_that_is_not_json_or_nested_without_end_is_ignored() -> None:
    for broken in ("{", "[" * 100_000, '{"articleBody": 3, "wordCount": "many"}', ""):
        body = _page("news_with_boilerplate").replace(
            "<title>", f'<script type="application/ld+json">{broken}</script><title>'
        )
        found = page_text(PageRequest(body.encode(), URL, "text/html"))
        assert isinstance(found, PageText)
        assert FIRST in found.body


def test_a_menu_and_related_articles_are_left_out_but_not_the_author_s_own_links() -> None:
    links = "".join(f'<li><a href="/n/{n}">Another article of this week, number {n}</a></li>' for n in range(6))
    body = _page("news_with_boilerplate").replace("</article>", f"<h3>More</h3><ul>{links}</ul></article>")
    found = page_text(PageRequest(body.encode(), URL, "text/html"))
    assert isinstance(found, PageText)
    assert "Another article of this week" not in found.body
    assert "[the timetable](https://gazette.example/news/timetable)" in text("news_with_boilerplate").body


def test_a_teaser_with_the_same_words_elsewhere_is_not_taken_for_the_text() -> None:
    body = _page("news_with_boilerplate").replace(
        "<main>", f'<div class="summary"><a href="/x"><img src="/teaser.jpg"></a><p>{FIRST}.</p></div><main>'
    )
    found = page_text(PageRequest(body.encode(), URL, "text/html"))
    assert isinstance(found, PageText)
    assert found.body.count(FIRST) == 1
    assert "/teaser.jpg" not in found.body


def _page(case: str) -> str:
    return (PAGES / f"{case}.html").read_text(encoding="utf-8")


@pytest.mark.parametrize(("feed_words", "has_more"), [(100, False), (115, True)])
def test_the_text_that_favors_precision_is_used_unless_the_feed_has_more_words(feed_words: int, has_more: bool) -> None:
    """The library's two texts of this page have 109 and 124 words."""
    body = _page("paywall").replace('"isAccessibleForFree"', '"unused"')
    found = page_text(PageRequest(body.encode(), URL, "text/html", feed_words))
    assert isinstance(found, PageText)
    assert ("Read on for 1 crown" in found.body) is has_more
