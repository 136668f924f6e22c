"""Count the words of an article's text."""

from __future__ import annotations

import html
import re

# Matches the URL of a link in Markdown. Its parts are not counted as words.
_DESTINATION = re.compile(r"\]\([^)\s]*\)|<https?://[^>\s]*>")
# Matches an HTML tag. A "<" after a backslash is text in Markdown, not the beginning of a tag.
_TAG = re.compile(r"(?<!\\)</?[A-Za-z][^>]*>")
_WORD = re.compile(r"\w+")


def count_words(body: str) -> int:
    """Return the number of words of a text in Markdown. Words in HTML tags are counted too."""
    return len(_WORD.findall(_DESTINATION.sub("]", body)))


def count_visible_words(body: str) -> int:
    """Return the number of words of a text in Markdown or HTML, without the words in HTML tags.

    Do not use this for digests: their counts are made by ``count_words``, and must not change.
    """
    return count_words(html.unescape(_TAG.sub(" ", body)))
