"""No page stops or kills the run. The parser process has the same limits for pages as for feed documents."""

from __future__ import annotations

from collections.abc import Iterator

import lxml.html
import pytest

from feedarchive.full_text.extract_page import page_tree
from feedarchive.full_text.json_ld_text import json_ld_article
from feedarchive.full_text.model import NoText, NoTextReason, PageRequest, PageText
from feedarchive.full_text.page_text import page_text, read_page
from feedarchive.parsing.pool import ParserPool
from feedarchive.parsing.protocol import Limits
from tests.unit.full_text.recorded_pages import FIRST, PAGES, request

URL = "https://gazette.example/a"
TAGS = [b"div", b"span", b"blockquote", b"table><tr><td", b"p><a"]
ARTICLE = (PAGES / "several_articles_on_one_page.html").read_bytes()


@pytest.fixture(scope="module")
def pool() -> Iterator[ParserPool]:
    one = ParserPool(1, Limits(document=1))
    yield one
    one.close()


def test_the_parser_process_returns_what_this_process_returns(pool: ParserPool) -> None:
    for case in ("news_with_boilerplate", "paywall"):
        assert read_page(pool, request(case)) == page_text(request(case))


def test_a_page_that_takes_too_long_is_reported_and_the_next_one_is_read(pool: ParserPool) -> None:
    slow = b"<html><body>" + b"<p>Some words of <a href='/a'>a long page</a>.</p>" * 80_000
    found = read_page(pool, PageRequest(slow, URL, "text/html"))
    assert isinstance(found, NoText)
    assert found.reason is NoTextReason.TOO_HARD
    assert isinstance(read_page(pool, request("news_with_boilerplate")), PageText)


def _nested(tag: bytes, levels: int) -> PageRequest:
    return PageRequest(ARTICLE.replace(b"<main>", b"<main>" + (b"<" + tag + b">") * levels), URL, "text/html")


@pytest.mark.parametrize("tag", TAGS)
def test_a_page_with_20_000_nested_elements_is_parsed(tag: bytes) -> None:
    page = page_tree(_nested(tag, 20_000))
    assert not isinstance(page, NoText)
    assert page.xpath("//title")


@pytest.mark.parametrize("tag", TAGS)
def test_an_article_in_300_nested_elements_is_found(tag: bytes) -> None:
    found = page_text(_nested(tag, 300))
    assert isinstance(found, PageText)
    assert FIRST in found.body


def test_an_article_in_20_000_nested_elements_is_not_found(pool: ParserPool) -> None:
    """Only inline elements are tested. With block elements, the search would exceed the time limit."""
    found = read_page(pool, _nested(b"span", 20_000))
    assert isinstance(found, NoText)
    assert found.reason is NoTextReason.TOO_SHORT


def test_no_script_of_a_page_reaches_the_body() -> None:
    hostile = ARTICLE.replace(
        b"</h1>", b"</h1><p onclick='a()'>One <a href='javascript:b()'>link</a> <script>c()</script></p>"
    )
    found = page_text(PageRequest(hostile, URL, "text/html"))
    assert isinstance(found, PageText)
    assert not [bad for bad in ("onclick", "javascript:", "c()") if bad in found.body]


@pytest.mark.parametrize(
    "written",
    [
        "<p>A&#11;nnual report, and more&#x1 words.</p>",
        "<p>Annual report<img src='a.png' alt='a&#12;b'>, and more words.</p>",
        "<p title='&#xFFFF;'>Annual report, and <a href='/b&#2;'>more</a> words.</p>",
    ],
)
def test_references_to_control_characters_cost_no_word(written: str) -> None:
    found = page_text(PageRequest(ARTICLE.replace(b"</h1>", b"</h1>" + written.encode()), URL, "text/html"))
    assert isinstance(found, PageText)
    assert FIRST in found.body
    for words in ("Annual report", "words."):
        assert words in found.body


def test_control_characters_in_json_ld_cost_no_word() -> None:
    body = r"<p>A\u0000n&#11;nual report. " + "The article goes on. " * 50 + "</p>"
    data = f'<script type="application/ld+json">{{"articleBody": "{body}"}}</script>'
    tree = json_ld_article(lxml.html.document_fromstring(f"<html><head>{data}</head><body></body></html>"))
    assert tree is not None
    assert str(tree.text_content()).startswith("Annual report. The article")


def _unclosed(count: int) -> PageRequest:
    lines = "".join(f"<font><p>Paragraph {number} is in an element that is not closed.</p>" for number in range(count))
    return PageRequest(f"<html><body><article>{lines}</article></body></html>".encode(), URL, "text/html")


def test_elements_that_are_not_closed_cost_no_paragraph() -> None:
    found = page_text(_unclosed(400))
    assert isinstance(found, PageText)
    assert all(f"Paragraph {number} is" in found.body for number in range(400))


def test_a_page_that_is_nested_too_deeply_says_so() -> None:
    found = page_text(_unclosed(1200))
    assert isinstance(found, NoText)
    assert found.reason is NoTextReason.TOO_HARD
