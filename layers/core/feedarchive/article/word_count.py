"""Count the words of an article's text."""

from __future__ import annotations

import re

# The destinations of links do not count as words.
_DESTINATION = re.compile(r"\]\([^)\s]*\)|<https?://[^>\s]*>")
_WORD = re.compile(r"\w+")


def count_words(body: str) -> int:
    """The number of words of a text in Markdown."""
    return len(_WORD.findall(_DESTINATION.sub("]", body)))
