"""Recognize pages that withhold their text: behind a paywall, a login or a challenge. Pure."""

from __future__ import annotations

from lxml.html import HtmlElement

from feedarchive.full_text.model import NoText, NoTextReason
from feedarchive.full_text.page_facts import json_ld_objects
from feedarchive.polling.http_errors import challenge_provider

_NOT_FREE = {"false", "0", "no"}
# A page that declares a paywall and has at least this many words may be complete: many paywalls are only scripts.
_PAYWALLED_TEXT = 250
# An article that has less than this share of the words which it declares is cut off.
_CUT_OFF = 0.6
# A challenge or a form for a login has fewer words around it.
_SHORT_TEXT = 100


def restriction(page: HtmlElement, body: bytes, words: int) -> NoText | None:
    """Why a page shows fewer words than it has, None if nothing says so. ``words`` is the number that were found."""
    if words < _SHORT_TEXT and (provider := challenge_provider({}, body)):
        detail = f"a challenge page of {provider}, which only a browser can pass"
        return NoText(NoTextReason.CHALLENGE, detail)
    if _is_paywalled(page, words):
        return NoText(NoTextReason.PAYWALL, f"a paywall: the page shows {words} words")
    if words < _SHORT_TEXT and page.xpath("//input[translate(@type, 'PASWORD', 'pasword')='password']"):
        return NoText(NoTextReason.LOGIN, "the page asks for a login")
    return None


def _is_paywalled(page: HtmlElement, words: int) -> bool:
    is_free, declared = True, 0
    for found in json_ld_objects(page):
        if str(found.get("isAccessibleForFree", "")).lower() in _NOT_FREE:
            is_free = False
        count = found.get("wordCount")
        if isinstance(count, int | str) and str(count).isdigit():
            declared = max(declared, int(count))
    return not is_free and (words < _PAYWALLED_TEXT or words < _CUT_OFF * declared)
