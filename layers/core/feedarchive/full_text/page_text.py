"""Make the full text of a page: extract the article, check it, sanitize it, and convert it to Markdown or HTML."""

from __future__ import annotations

from lxml.html import HtmlElement

from feedarchive.article.word_count import count_visible_words
from feedarchive.document.model import Text
from feedarchive.full_text.extract_page import extract_page, page_tree
from feedarchive.full_text.model import ExtractedPage, NoText, NoTextReason, PageRequest, PageText
from feedarchive.full_text.restrictions import is_another_page, restriction
from feedarchive.identity.fingerprint import letters_and_digits
from feedarchive.markdown.clean_html import clean_html
from feedarchive.markdown.image_urls import larger_images
from feedarchive.markdown.to_html import to_html
from feedarchive.markdown.to_markdown import to_markdown
from feedarchive.parsing.model import LimitExceeded
from feedarchive.parsing.pool import ParserPool
from feedarchive.text import count_of, shorten

# A text with fewer letters and digits than this is only a caption or an error message. Letters are counted instead of
# words, because some languages have no spaces between words.
_MIN_LETTERS = 150
_MAX_SHOWN_TITLE_CHARS = 80


def read_page(pool: ParserPool, request: PageRequest) -> PageText | NoText:
    """The full text of a page, or the reason why it has none.

    A parser process does the work, with the same limits on time and memory as for a feed document.
    """
    result = pool.call(page_text, request)
    if isinstance(result, LimitExceeded):
        return NoText(NoTextReason.TOO_HARD, f"extracting the text {result.reason}")
    return result


def page_text(request: PageRequest) -> PageText | NoText:
    """Make the full text of a page in the current process. Return the full text, or the reason why there is none."""
    page = page_tree(request)
    if isinstance(page, NoText):
        return page
    try:
        found = extract_page(page, request.url, request.feed_words)
    except RecursionError:
        return NoText(NoTextReason.TOO_HARD, "its elements are nested too deeply")
    body, text = "", ""
    larger: tuple[tuple[str, str], ...] = ()
    if found.html:
        tree = sanitized(found, request.url)
        larger = larger_images(tree)
        text = tree.text_content()
        body = to_html(tree) if request.html_body else to_markdown(tree)
    words, letters = count_visible_words(body), len(letters_and_digits(text))
    if why := restriction(page, request.body, letters, words):
        return why
    if letters < _MIN_LETTERS:
        return NoText(NoTextReason.TOO_SHORT, f"only {count_of(words, 'word')} of text")
    if words <= request.feed_words:
        detail = f"the page has {count_of(words, 'word')}, the feed {request.feed_words:,}"
        return NoText(NoTextReason.TEASER_ONLY, detail)
    if is_another_page(request.title, f"{found.title} {text}"):
        return NoText(
            NoTextReason.OTHER_PAGE, f'a page about something else: "{shorten(found.title, _MAX_SHOWN_TITLE_CHARS)}"'
        )
    return PageText(body, words, found.extractor, found.title, found.language, found.canonical, larger)


def sanitized(found: ExtractedPage, url: str) -> HtmlElement:
    """The article as a sanitized tree, which can be converted. ``url`` is the URL of the article's page."""
    return clean_html(Text(found.html, html=True), found.base, url)
