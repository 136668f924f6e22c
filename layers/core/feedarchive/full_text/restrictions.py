"""Recognize pages without the article: behind a paywall, a login or a challenge, or about something else. Pure."""

from __future__ import annotations

from lxml.html import HtmlElement

from feedarchive.full_text.model import NoText, NoTextReason
from feedarchive.full_text.page_facts import declared_words, is_free
from feedarchive.identity.fingerprint import words_of
from feedarchive.polling.http_errors import challenge_provider
from feedarchive.text import count_of

# In letters and digits, because some languages have no spaces between words. A page that declares a paywall and has at
# least this much text may be complete: many paywalls are only scripts.
_PAYWALLED_TEXT = 1_250
# A challenge or a form for a login has less text around it.
_SHORT_TEXT = 500
# An article that has less than this share of the words that it declares is cut off.
_CUT_OFF = 0.6
# A title is compared if it has this number of words with more than three letters. A page with less than this share of
# them in its own title and text is another one. Of 280 recorded pages, 3 have less in their text alone; of as many
# pages with the titles of others, 227 have less.
_MIN_TITLE_WORDS = 3
_LONG_WORD = 4
_OWN_TITLE = 0.2


def restriction(page: HtmlElement, body: bytes, letters: int, words: int) -> NoText | None:
    """Why a page shows less text than it has, None if nothing says so. The numbers are those of the text found."""
    if letters < _SHORT_TEXT and (provider := challenge_provider({}, body)):
        return NoText(NoTextReason.CHALLENGE, f"a challenge page of {provider}, which only a browser can pass")
    if not is_free(page) and (letters < _PAYWALLED_TEXT or words < _CUT_OFF * declared_words(page)):
        return NoText(NoTextReason.PAYWALL, f"a paywall: the page shows {count_of(words, 'word')}")
    if letters < _SHORT_TEXT and page.xpath("//input[translate(@type, 'PASWORD', 'pasword')='password']"):
        return NoText(NoTextReason.LOGIN, "the page asks for a login")
    return None


def is_another_page(title: str, text: str) -> bool:
    """Check by the words of an article's title whether a text is another one, such as a home page or a consent page."""
    words = {word for word in words_of(title) if len(word) >= _LONG_WORD}
    return len(words) >= _MIN_TITLE_WORDS and len(words & words_of(text)) < _OWN_TITLE * len(words)
