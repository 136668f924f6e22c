"""Prepare a text for Unicode normalization, so that it takes linear time even for hostile texts.

``unicodedata.normalize`` sorts the combining marks (such as accents) of a letter by insertion sort. If a letter has a
megabyte of marks, this takes hours. So such marks are sorted here first, and long texts are split into chunks.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_MIN_CHUNK_CHARS = 64 * 1024
# A text may be split before one of these characters, because normalization never combines it with the character before.
# Chinese characters and Arabic presentation forms are included, so that texts without spaces can be split too.
_SPLIT_BEFORE = re.compile("(?=[\x00-\x7f\u4e00-\u9fff\ufb50-\ufdff\ufe70-\ufefc])")
# Matches 64 characters in a row that may be combining marks. Real texts hardly ever contain so many.
_MANY_MARKS = re.compile(r"[^\w\s\x00-\x7f]{64}")


def normalization_chunks(text: str) -> Iterator[str]:
    """Split a text into chunks that can be normalized one by one.

    If the text has very many combining marks in a row, the marks are sorted first. This does not change the normalized
    text (Unicode Standard, section 3.11).
    """
    if not text.isascii() and _MANY_MARKS.search(text):
        text = _sort_marks(text)
    start = 0
    while len(text) - start > _MIN_CHUNK_CHARS:
        found = _SPLIT_BEFORE.search(text, start + _MIN_CHUNK_CHARS)
        end = found.start() if found else len(text)
        yield text[start:end]
        start = end
    yield text[start:]


def _sort_marks(text: str) -> str:
    pieces: list[str] = []
    marks: list[str] = []
    # Decompose characters first, because one character may contain several marks.
    for char in "".join(unicodedata.normalize("NFD", char) for char in text):
        if unicodedata.combining(char):
            marks.append(char)
            continue
        if marks:
            pieces += sorted(marks, key=unicodedata.combining)
            marks.clear()
        pieces.append(char)
    return "".join((*pieces, *sorted(marks, key=unicodedata.combining)))
