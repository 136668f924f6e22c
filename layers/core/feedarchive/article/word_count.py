"""Count the words of an article's text."""

from __future__ import annotations

import html
import re

# The destinations of links do not count as words.
_DESTINATION = re.compile(r"\]\([^)\s]*\)|<https?://[^>\s]*>")
# A tag of HTML. In Markdown, a "<" of the text has a backslash.
_TAG = re.compile(r"(?<!\\)</?[A-Za-z][^>]*>")
_WORD = re.compile(r"\w+")


def count_words(body: str) -> int:
    """The number of words of a text in Markdown."""
    return len(_WORD.findall(_DESTINATION.sub("]", body)))


def count_visible_words(body: str) -> int:
    """The number of words of a text in Markdown or HTML, without its tags and their attributes.

    ``count_words`` counts those, and decides what digests say: their bytes must not change.
    """
    return count_words(html.unescape(_TAG.sub(" ", body)))
