"""Titles and descriptions: one line of plain text, entities decoded once."""

from __future__ import annotations

import html
import re
from functools import lru_cache

import nh3

from feedarchive.document.model import Text
from feedarchive.markdown.deep_nesting import with_texts_parted
from feedarchive.markdown.unknown_elements import with_known_elements
from feedarchive.text import one_line, safe_text

# Where one of these starts or ends, a word ends too.
_BLOCK = re.compile(
    r"<(?=/?(?:p|div|br|li|ul|ol|tr|td|th|table|h[1-6]|blockquote|pre|hr|dd|dt|dl|section|article|figure"
    r"|figcaption|header|footer|aside|nav|option|address|main|details|summary|caption)\b)",
    re.IGNORECASE,
)
# A text without any of these is seen as it is written.
_MARKUP = re.compile("[^\n\x20-%'-;=-~\u00a0-\u202c\u202f-\ud7ff]")
_WORDS = nh3.Cleaner(tags=set(), clean_content_tags={"script", "style", "template"})


def visible_text(text: Text) -> str:
    """What a reader sees of a text: markup gone, entities decoded once, white space as it comes."""
    return _visible(text.value) if text.html and _MARKUP.search(text.value) else text.value


# The text of an entry is asked for several times: to choose the richest one, for its wording, for its description.
@lru_cache(maxsize=8)
def _visible(source: str) -> str:
    spaced = _BLOCK.sub(" <", with_known_elements(safe_text(source)))
    return html.unescape(_WORDS.clean(with_texts_parted(spaced)))


def plain_line(text: Text) -> str:
    """A text as one line: what a title or a description is in a file."""
    return one_line(visible_text(text))
