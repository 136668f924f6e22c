"""Choose the text of the article in a web page. Pure functions.

1. The library trafilatura finds the text. If the page's JSON-LD contains this text and much more, the text in the
   JSON-LD is used instead.
2. The part of the page with this text is cut out, because trafilatura drops much of the publisher's markup and many
   pictures.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import lxml.html
from lxml.html import HtmlElement

from feedarchive.full_text.article_tree import article_tree
from feedarchive.full_text.extractor_library import Favor, extractor_version, find_article
from feedarchive.full_text.json_ld_text import completes, json_ld_article
from feedarchive.full_text.kept_lines import kept_slots, with_signs, without_headline
from feedarchive.full_text.lead_picture import add_lead_picture
from feedarchive.full_text.link_lists import without_link_lists
from feedarchive.full_text.model import ExtractedPage, NoText, NoTextReason, PageRequest
from feedarchive.full_text.page_facts import base_of, canonical_of, page_language, page_title
from feedarchive.full_text.page_words import all_words, lines_of
from feedarchive.full_text.parse_page import is_html, parse_page

JSON_LD = "json-ld"
# The text found with Favor.PRECISION is incomplete if it has less than this share of the words found with Favor.RECALL.
_COMPLETE = 0.5
# The article's HTML is cut out of the page only if the page contains at least this share of the extracted words.
_CUT_OUT = 0.9


@dataclass(frozen=True)
class _Found:
    """A text that may be the article: its HTML tree and its words. ``extractor``: see ``ExtractedPage``."""

    tree: HtmlElement
    words: Sequence[str]
    extractor: str


def page_tree(request: PageRequest) -> HtmlElement | NoText:
    """The root of the parsed page; NoText if the response is not HTML."""
    page = parse_page(request.body, request.content_type) if is_html(request.body, request.content_type) else None
    if page is None:
        kind = request.content_type.partition(";")[0].strip() or "without a type"
        return NoText(NoTextReason.NOT_HTML, f"a document that is not a web page ({kind})")
    return page


def extract_page(page: HtmlElement, url: str, feed_words: int = 0) -> ExtractedPage:
    """Extract the article from a page. The page is not changed.

    The HTML of the result is not yet sanitized. It is "" if the page has no article. ``feed_words`` is the number of
    words in the feed's own text.
    """
    title = page_title(page)
    found = _find(page, url, feed_words)
    return ExtractedPage(
        html=lxml.html.tostring(_cut_out(page, found, title), encoding="unicode") if found else "",
        extractor=found.extractor if found else "",
        title=title,
        language=page_language(page),
        canonical=canonical_of(page, url),
        base=base_of(page, url),
    )


def _find(page: HtmlElement, url: str, feed_words: int) -> _Found | None:
    """The text that is most probably the article; None if there is none.

    trafilatura is called twice. The result with Favor.PRECISION contains less of the text around the article. If it is
    incomplete, or has no more words than the feed, the result with Favor.RECALL is used. If the JSON-LD contains the
    same text and much more, the text in the JSON-LD is used instead.
    """
    found = _by_library(page, url, Favor.RECALL)
    precise = _by_library(page, url, Favor.PRECISION) if found else None
    if found and precise and len(precise.words) >= _COMPLETE * len(found.words) and len(precise.words) > feed_words:
        found = precise
    tree = json_ld_article(page)
    if tree is not None:
        words = all_words(lines_of(tree))
        if completes(words, found.words if found else ()):
            return _Found(tree, words, JSON_LD)
    return found


def _by_library(page: HtmlElement, url: str, favor: Favor) -> _Found | None:
    tree = find_article(page, url, favor)
    return None if tree is None else _Found(tree, all_words(lines_of(tree)), extractor_version())


def _cut_out(page: HtmlElement, found: _Found, title: str) -> HtmlElement:
    """The part of the page that contains the found text.

    If the text cannot be located in the page, the result is made from ``found.tree``.
    """
    for tree in (page, found.tree):
        lines = lines_of(tree)
        kept = kept_slots(lines, found.words)
        if kept and sum(len(slot.words) for slot in kept) >= _CUT_OUT * len(found.words):
            kept = without_link_lists(lines, without_headline(lines, kept, title))
            article = article_tree(tree, with_signs(lines, kept))
            if article is not None:
                add_lead_picture(article, page, {slot.element for slot in kept if slot.words})
                return article
    return found.tree
