"""Texts in pieces that Unicode normalises alone as it does together, in time that grows with the text only.

``unicodedata.normalize`` sorts the marks on a letter by insertion: a megabyte of them takes hours, inside C.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_LONG = 64 * 1024
# Before these a text may be parted, whatever stands there: no normal form joins them with what precedes them. They are
# ASCII, and the letters of CJK and Arabic presentation forms, texts of which may be long and have no spaces.
_PART = re.compile("(?=[\x00-\x7f\u4e00-\u9fff\ufb50-\ufdff\ufe70-\ufefc])")
# More marks in a row than any letter has; nearly all marks are among these.
_MANY_MARKS = re.compile(r"[^\w\s\x00-\x7f]{64}")


def normalization_chunks(text: str) -> Iterator[str]:
    """Pieces that make up the text, or one that is canonically equivalent (Unicode 3.11: marks in their order)."""
    if not text.isascii() and _MANY_MARKS.search(text):
        text = _with_marks_in_order(text)
    start = 0
    while len(text) - start > _LONG:
        found = _PART.search(text, start + _LONG)
        end = found.start() if found else len(text)
        yield text[start:end]
        start = end
    yield text[start:]


def _with_marks_in_order(text: str) -> str:
    pieces: list[str] = []
    marks: list[str] = []
    # Some marks are two in one, of different orders.
    for char in "".join(unicodedata.normalize("NFD", char) for char in text):
        if unicodedata.combining(char):
            marks.append(char)
            continue
        if marks:
            pieces += sorted(marks, key=unicodedata.combining)
            marks.clear()
        pieces.append(char)
    return "".join((*pieces, *sorted(marks, key=unicodedata.combining)))
