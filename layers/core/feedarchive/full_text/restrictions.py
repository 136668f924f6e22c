"""Recognize pages that do not show the article: paywalls, logins, challenges, pages about something else. Pure."""

from __future__ import annotations

from lxml.html import HtmlElement

from feedarchive.full_text.model import NoText, NoTextReason
from feedarchive.full_text.page_facts import declared_words, is_free
from feedarchive.identity.fingerprint import words_of
from feedarchive.polling.http_errors import challenge_provider
from feedarchive.text import count_of

# The next two limits count letters and digits, because some languages have no spaces between words.
# A page that declares a paywall and has at least this much text may be complete: many paywalls are only scripts.
_PAYWALLED_TEXT = 1_250
# A page with at least this much text is neither a challenge page nor a login page.
_SHORT_TEXT = 500
# An article is cut off if it has less than this share of the words that the page declares.
_CUT_OFF = 0.6
# An article's title is compared with a page if it has at least _MIN_TITLE_WORDS words of _LONG_WORD letters or more.
# The page is about something else if its title and text contain less than the share _OWN_TITLE of those words.
# Of 280 recorded pages, 3 contain less of their own article's title in their text, and 227 less of another's title.
_MIN_TITLE_WORDS = 3
_LONG_WORD = 4
_OWN_TITLE = 0.2


def restriction(page: HtmlElement, body: bytes, letters: int, words: int) -> NoText | None:
    """Why a page does not show its whole article; None if no reason is found.

    ``letters`` and ``words`` are the numbers of letters and digits, and of words, in the text that was extracted.
    """
    if letters < _SHORT_TEXT and (provider := challenge_provider({}, body)):
        return NoText(NoTextReason.CHALLENGE, f"a challenge page of {provider}, which only a browser can pass")
    if not is_free(page) and (letters < _PAYWALLED_TEXT or words < _CUT_OFF * declared_words(page)):
        return NoText(NoTextReason.PAYWALL, f"a paywall: the page shows {count_of(words, 'word')}")
    if letters < _SHORT_TEXT and page.xpath("//input[translate(@type, 'PASWORD', 'pasword')='password']"):
        return NoText(NoTextReason.LOGIN, "the page asks for a login")
    return None


def is_another_page(title: str, text: str) -> bool:
    """Check by an article's title whether a page is about something else, such as a home page or a consent page.

    ``text`` is the title and text of the page. Returns False if the title has too few words to tell.
    """
    words = {word for word in words_of(title) if len(word) >= _LONG_WORD}
    return len(words) >= _MIN_TITLE_WORDS and len(words & words_of(text)) < _OWN_TITLE * len(words)
