"""Extract plain text from HTML for ids and fingerprints.

The result must never change: known articles would get other ids or needless revisions.
"""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3

from feedarchive.document.model import Text
from feedarchive.markdown.long_texts import split_long_texts
from feedarchive.markdown.unknown_elements import rename_unknown_elements
from feedarchive.text import one_line, safe_text

# The tags of these elements separate words.
_BLOCK = re.compile(
    r"<(?=/?(?:p|div|br|li|ul|ol|tr|td|th|table|h[1-6]|blockquote|pre|hr|dd|dt|dl|section|article|figure"
    r"|figcaption|header|footer|aside|nav|option|address|main|details|summary|caption)\b)",
    re.IGNORECASE,
)
# A text without any of these characters has no markup, no entities, and no characters to be removed.
_MARKUP = re.compile("[^\n\x20-%'-;=-~\u00a0-\u202c\u202f-\ud7ff]")
_CLEANER = nh3.Cleaner(tags=set(), clean_content_tags={"script", "style", "template"})


def visible_text(text: Text) -> str:
    """Return HTML without markup, with its entities decoded once and its white space unchanged.

    Plain text is returned as it is.
    """
    return _visible_text(text.value) if text.html and _MARKUP.search(text.value) else text.value


# Cached, because each text is needed several times: to choose the article's text, for the fingerprint, and for the
# description.
@lru_cache(maxsize=8)
def _visible_text(source: str) -> str:
    spaced = _BLOCK.sub(" <", rename_unknown_elements(safe_text(source)))
    return html.unescape(_CLEANER.clean(split_long_texts(spaced)))


def plain_line(text: Text) -> str:
    """Return the visible text on one line."""
    return one_line(visible_text(text))
