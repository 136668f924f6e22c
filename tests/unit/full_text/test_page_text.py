"""The text of a page: the whole article in Markdown, without what surrounds it."""

from __future__ import annotations

from dataclasses import replace
from importlib.metadata import version

import pytest

from feedarchive.article.word_count import count_visible_words
from feedarchive.full_text.model import NoText, NoTextReason, PageRequest, PageText
from feedarchive.full_text.page_text import page_text
from tests.unit.full_text.recorded_pages import FIRST, LAST, URL, request, result, text


def test_a_news_article_is_complete_and_nothing_around_it_is_kept() -> None:
    found = text("news_with_boilerplate")
    for kept in (FIRST, LAST, "## Who pays", "- 2.1 million crowns", "> Nine days in one month", "1987"):
        assert kept in found.body
    for other in ("cookies", "Obituaries", "Read also", "seasick", "All rights reserved"):
        assert other not in found.body
    assert "# Ferry to run all winter" not in found.body  # the headline is in the front matter
    assert "[the timetable](https://gazette.example/news/timetable)" in found.body


def test_the_page_s_own_facts_are_returned() -> None:
    found = text("news_with_boilerplate")
    assert found.title == "Ferry to run all winter"
    assert found.language == "en"
    assert found.canonical == "https://gazette.example/news/ferry"
    assert found.extractor == f"trafilatura {version('trafilatura')}"
    assert found.words == count_visible_words(found.body)


def test_other_articles_on_the_page_are_left_out() -> None:
    body = text("several_articles_on_one_page").body
    assert FIRST in body
    assert LAST in body
    assert "fish market" not in body


def test_code_and_tables_stay_what_they_are() -> None:
    body = text("blog_post_with_code").body
    assert "```python\ndef heights(line):\n    return [int(line[at:at + 4])" in body
    assert "| 4 May | 212 | 213 |" in body


def test_the_body_is_html_for_a_feed_that_wants_html() -> None:
    found = page_text(request("news_with_boilerplate", html_body=True))
    assert isinstance(found, PageText)
    assert "<h2>Who pays</h2>" in found.body


def test_a_layout_of_tables_is_not_a_table_in_the_text() -> None:
    body = text("old_tables_and_line_breaks").body
    assert FIRST in body
    assert "Tickets will cost the same as in July." in body
    assert [left for left in ("Guest book", "|") if left in body] == []


def test_a_page_in_another_encoding_and_without_spaces_between_words() -> None:
    body = text("japanese_in_shift_jis").body
    assert "島で唯一の店を営む女性" in body
    assert "昨年病院が頼んだヘリコプターの料金より安い。" in body
    assert "無断転載" not in body


@pytest.mark.parametrize(
    ("case", "feed_words", "reason"),
    [
        ("paywall", 20, NoTextReason.PAYWALL),
        ("login", 5, NoTextReason.LOGIN),
        ("challenge", 5, NoTextReason.CHALLENGE),
        ("video_page", 2, NoTextReason.TOO_SHORT),
        ("teaser_page", 60, NoTextReason.TEASER_ONLY),
        ("news_with_boilerplate", 2000, NoTextReason.TEASER_ONLY),
    ],
)
def test_a_page_without_the_text_says_why(case: str, feed_words: int, reason: NoTextReason) -> None:
    found = result(case, feed_words)
    assert isinstance(found, NoText)
    assert found.reason is reason
    assert found.detail


def test_a_page_with_its_text_is_not_a_login_page_because_it_has_a_form_for_one() -> None:
    body = request("news_with_boilerplate").body.replace(b"<main>", b'<input type="password"><main>')
    assert isinstance(page_text(PageRequest(body, URL, "text/html")), PageText)


@pytest.mark.parametrize(
    ("body", "content_type"),
    [
        (b"%PDF-1.7\n<html>", "text/html"),
        (b"<html><body><p>Words</p></body></html>", "application/pdf"),
        (b"\x00\x00\x00\x20ftypisom<html>", ""),
        (b"", "text/html"),
        (b'{"headline": "Ferry"}', "application/json"),
        (b"Only a line of text", "text/plain"),
    ],
)
def test_a_document_that_is_not_a_web_page_says_so(body: bytes, content_type: str) -> None:
    found = page_text(PageRequest(body, "https://gazette.example/a", content_type))
    assert isinstance(found, NoText)
    assert found.reason is NoTextReason.NOT_HTML


@pytest.mark.parametrize(
    ("title", "is_own"),
    [
        ("Ferry to run all winter", True),
        ("Winter timetable for the ferry: what residents of Great Skerry will pay", True),
        ("Ferry", True),
        ("Prime minister resigns after long debate", False),
        ("島の定期船", True),
        ("", True),
    ],
)
def test_a_page_about_something_else_is_not_taken_for_the_article(title: str, is_own: bool) -> None:
    found = page_text(replace(request("news_with_boilerplate"), title=title))
    assert isinstance(found, PageText) is is_own
    assert is_own or (isinstance(found, NoText) and found.reason is NoTextReason.OTHER_PAGE)


def test_relative_links_follow_the_base_of_the_page() -> None:
    body = request("news_with_boilerplate").body.replace(b"<title>", b'<base href="//static.example/2025/"><title>')
    found = page_text(PageRequest(body, URL, "text/html"))
    assert isinstance(found, PageText)
    assert "(https://static.example/news/timetable)" in found.body


def test_lines_and_cells_of_signs_alone_are_kept_between_lines_of_the_text() -> None:
    page = request("several_articles_on_one_page")
    signs = (
        "<p>* * *</p><p>★★★★☆</p><table><tr><th>Ferry</th><th>Winter</th></tr><tr><td>Old</td><td>+</td></tr></table>"
    )
    body = page.body.replace(b"</p>", b"</p>" + signs.encode() + b"<p>One <b>!</b> more.</p>", 1)
    found = page_text(replace(page, body=body))
    assert isinstance(found, PageText)
    assert r"\* \* \*" in found.body
    assert "★★★★☆" in found.body
    assert r"| Old | \+ |" in found.body
    assert "One **!** more." in found.body
