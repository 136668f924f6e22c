"""Recognize pages that do not show the article: paywalls, logins, challenges, pages about something else.

Pure functions.
"""

from __future__ import annotations

from lxml.html import HtmlElement

from feedarchive.full_text.model import NoText, NoTextReason
from feedarchive.full_text.page_facts import declared_words, is_free
from feedarchive.identity.fingerprint import words_of
from feedarchive.polling.http_errors import challenge_provider
from feedarchive.text import count_of

# If a page declares a paywall, its text is used only if it has at least this number of letters. Such a text may be
# complete, because many paywalls are only scripts that hide it. Letters are counted instead of words, because some
# languages have no spaces between words.
_MIN_PAYWALLED_LETTERS = 1_250
# A page with at least this number of letters is neither a challenge page nor a login page.
_MIN_LETTERS = 500
# The article is cut off if the text has less than this share of the words that the page declares (``wordCount``).
_CUT_OFF = 0.6
# A title with fewer long words than this is not compared with the page.
_MIN_TITLE_WORDS = 3
_LONG_WORD_LETTERS = 4
# A page is about something else if it has less than this share of the long words in the article's title. In a test,
# 3 of 280 pages were refused when compared with their own titles, and 227 when compared with other titles.
_MIN_TITLE_SHARE = 0.2


def restriction(page: HtmlElement, body: bytes, letters: int, words: int) -> NoText | None:
    """The reason why a page does not show its whole article; None if no reason is found.

    - ``letters`` is the number of letters and digits in the extracted text.
    - ``words`` is the number of words in it.
    """
    if letters < _MIN_LETTERS and (provider := challenge_provider({}, body)):
        return NoText(NoTextReason.CHALLENGE, f"a challenge page of {provider}, which only a browser can pass")
    if not is_free(page) and (letters < _MIN_PAYWALLED_LETTERS or words < _CUT_OFF * declared_words(page)):
        return NoText(NoTextReason.PAYWALL, f"a paywall: the page shows {count_of(words, 'word')}")
    if letters < _MIN_LETTERS and page.xpath("//input[translate(@type, 'PASWORD', 'pasword')='password']"):
        return NoText(NoTextReason.LOGIN, "the page asks for a login")
    return None


def is_another_page(title: str, text: str) -> bool:
    """Check whether a page is about something other than the article with this title: for example, a home page.

    ``text`` is the title and text of the page. Returns False if the title has too few words to tell.
    """
    words = {word for word in words_of(title) if len(word) >= _LONG_WORD_LETTERS}
    return len(words) >= _MIN_TITLE_WORDS and len(words & words_of(text)) < _MIN_TITLE_SHARE * len(words)
