"""Count the words of an article's text."""

from __future__ import annotations

import html
import re

# The destinations of links do not count as words.
_DESTINATION = re.compile(r"\]\([^)\s]*\)|<https?://[^>\s]*>")
# A tag of HTML. In Markdown, a "<" that belongs to the text is escaped by a backslash.
_TAG = re.compile(r"(?<!\\)</?[A-Za-z][^>]*>")
_WORD = re.compile(r"\w+")


def count_words(body: str) -> int:
    """The number of words of a text in Markdown."""
    return len(_WORD.findall(_DESTINATION.sub("]", body)))


def count_visible_words(body: str) -> int:
    """The number of words of a text in Markdown or HTML, without tags and their attributes.

    Digests contain the result of ``count_words``, which counts tags too: the bytes of a digest must not change.
    """
    return count_words(html.unescape(_TAG.sub(" ", body)))
