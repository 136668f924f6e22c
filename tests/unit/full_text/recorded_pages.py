"""The small pages of these tests, each a file named after its case."""

from __future__ import annotations

from pathlib import Path

from feedarchive.full_text.model import NoText, PageRequest, PageText
from feedarchive.full_text.page_text import page_text

PAGES = Path(__file__).parent / "pages"
URL = "https://gazette.example/news/ferry"
FIRST = "The ferry to the outer islands will run through the winter for the first time"
LAST = "was blown down in the autumn."


def request(case: str, feed_words: int = 20, content_type: str = "text/html", html_body: bool = False) -> PageRequest:
    return PageRequest((PAGES / f"{case}.html").read_bytes(), URL, content_type, feed_words, html_body)


def result(case: str, feed_words: int = 10) -> PageText | NoText:
    return page_text(request(case, feed_words))


def text(case: str) -> PageText:
    found = result(case)
    assert isinstance(found, PageText), found
    return found
