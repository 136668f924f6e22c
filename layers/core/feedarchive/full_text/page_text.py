"""The full text of a page: extract it, sanitize it and convert it as an entry's text."""

from __future__ import annotations

from feedarchive.article.word_count import count_words
from feedarchive.document.model import Text
from feedarchive.full_text.extract_page import extract_page
from feedarchive.full_text.model import ExtractedPage, NoText, NoTextReason, PageRequest, PageText
from feedarchive.full_text.parse_page import parse_page
from feedarchive.full_text.restrictions import restriction
from feedarchive.identity.fingerprint import letters_and_digits
from feedarchive.markdown.clean_html import clean_html
from feedarchive.markdown.to_html import to_html
from feedarchive.markdown.to_markdown import to_markdown
from feedarchive.parsing.model import LimitExceeded
from feedarchive.parsing.pool import ParserPool
from feedarchive.text import count_of

# A text with fewer letters and digits is a caption or an error message. Counted in letters, because some languages
# have no spaces between words.
_MIN_LETTERS = 150


def read_page(pool: ParserPool, request: PageRequest) -> PageText | NoText:
    """The full text of a page, made in a process of the pool that ends if the page exceeds the limits of documents."""
    result = pool.call(page_text, request)
    if isinstance(result, LimitExceeded):
        return NoText(NoTextReason.TOO_HARD, f"extracting the text {result.reason}")
    return result


def page_text(request: PageRequest) -> PageText | NoText:
    """The full text of a page, made in this process."""
    found = extract_page(request)
    if isinstance(found, NoText):
        return found
    body = _convert(found, request)
    words = count_words(body)
    page = parse_page(request.body, request.content_type)
    if page is not None and (why := restriction(page, request.body, words)):
        return why
    if len(letters_and_digits(body)) < _MIN_LETTERS:
        return NoText(NoTextReason.TOO_SHORT, f"only {count_of(words, 'word')} of text")
    if words <= request.feed_words:
        detail = f"the page has {count_of(words, 'word')}, the feed {request.feed_words:,}"
        return NoText(NoTextReason.TEASER_ONLY, detail)
    return PageText(body, words, found.extractor, found.title, found.language, found.canonical)


def _convert(found: ExtractedPage, request: PageRequest) -> str:
    if not found.html:
        return ""
    tree = clean_html(Text(found.html, html=True), request.url, request.url)
    return to_html(tree) if request.html_body else to_markdown(tree)
