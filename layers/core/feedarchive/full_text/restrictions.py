"""Recognize pages that withhold their text: behind a paywall, a login or a challenge. Pure."""

from __future__ import annotations

from lxml.html import HtmlElement

from feedarchive.full_text.model import NoText, NoTextReason
from feedarchive.full_text.page_facts import declared_words, is_free
from feedarchive.polling.http_errors import challenge_provider
from feedarchive.text import count_of

# In letters and digits, because some languages have no spaces between words. A page that declares a paywall and has at
# least this much text may be complete: many paywalls are only scripts.
_PAYWALLED_TEXT = 1_250
# A challenge or a form for a login has less text around it.
_SHORT_TEXT = 500
# An article that has less than this share of the words that it declares is cut off.
_CUT_OFF = 0.6


def restriction(page: HtmlElement, body: bytes, letters: int, words: int) -> NoText | None:
    """Why a page shows less text than it has, None if nothing says so. The numbers are those of the text found."""
    if letters < _SHORT_TEXT and (provider := challenge_provider({}, body)):
        return NoText(NoTextReason.CHALLENGE, f"a challenge page of {provider}, which only a browser can pass")
    if not is_free(page) and (letters < _PAYWALLED_TEXT or words < _CUT_OFF * declared_words(page)):
        return NoText(NoTextReason.PAYWALL, f"a paywall: the page shows {count_of(words, 'word')}")
    if letters < _SHORT_TEXT and page.xpath("//input[translate(@type, 'PASWORD', 'pasword')='password']"):
        return NoText(NoTextReason.LOGIN, "the page asks for a login")
    return None
