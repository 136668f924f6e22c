"""Recognize pages that do not show the article: paywalls, logins, challenges, pages about something else. Pure."""

from __future__ import annotations

from lxml.html import HtmlElement

from feedarchive.full_text.model import NoText, NoTextReason
from feedarchive.full_text.page_facts import declared_words, is_free
from feedarchive.identity.fingerprint import words_of
from feedarchive.polling.http_errors import challenge_provider
from feedarchive.text import count_of

# The next two limits are numbers of letters and digits. They are not numbers of words, because some languages have no
# spaces between words. If a page declares a paywall but has at least this much text, the text may be complete: many
# paywalls are only scripts that hide a part of it.
_PAYWALLED_TEXT = 1_250
# A page with at least this much text is neither a challenge page nor a login page.
_SHORT_TEXT = 500
# The article is cut off if the text has less than this share of the words that the page declares (``wordCount``).
_CUT_OFF = 0.6
# The long words of an article's title (at least _LONG_WORD letters) are searched in the page. If the page has less than
# the share _OWN_TITLE of them, it is about something else. This is not checked if the title has fewer than
# _MIN_TITLE_WORDS long words. Measured with 280 recorded pages: 3 pages have less than this share for the title of
# their own article, and 227 pages have less for the title of another article.
_MIN_TITLE_WORDS = 3
_LONG_WORD = 4
_OWN_TITLE = 0.2


def restriction(page: HtmlElement, body: bytes, letters: int, words: int) -> NoText | None:
    """The reason why a page does not show its whole article; None if no reason is found.

    - ``letters`` is the number of letters and digits in the extracted text.
    - ``words`` is the number of words in it.
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
