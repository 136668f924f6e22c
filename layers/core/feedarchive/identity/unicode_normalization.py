"""Split a text into chunks that can be normalized one by one, in linear time even for hostile texts.

``unicodedata.normalize`` sorts the combining marks on a letter by insertion sort: a megabyte of them takes hours.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator

_MIN_CHUNK = 64 * 1024  # characters
# A text may be split before these characters: no normal form combines them with the preceding ones. ASCII includes
# the space. CJK ideographs and Arabic presentation forms are added because long texts of them may have no spaces.
_SPLIT_BEFORE = re.compile("(?=[\x00-\x7f\u4e00-\u9fff\ufb50-\ufdff\ufe70-\ufefc])")
# So many combining marks in a row do not occur on a letter. The class contains nearly all combining marks.
_MANY_MARKS = re.compile(r"[^\w\s\x00-\x7f]{64}")


def normalization_chunks(text: str) -> Iterator[str]:
    """Yield chunks of the text, or of a canonically equivalent text (combining marks sorted, Unicode section 3.11)."""
    if not text.isascii() and _MANY_MARKS.search(text):
        text = _sort_marks(text)
    start = 0
    while len(text) - start > _MIN_CHUNK:
        found = _SPLIT_BEFORE.search(text, start + _MIN_CHUNK)
        end = found.start() if found else len(text)
        yield text[start:end]
        start = end
    yield text[start:]


def _sort_marks(text: str) -> str:
    pieces: list[str] = []
    marks: list[str] = []
    # Decompose the text first, because some characters consist of two marks of different combining classes.
    for char in "".join(unicodedata.normalize("NFD", char) for char in text):
        if unicodedata.combining(char):
            marks.append(char)
            continue
        if marks:
            pieces += sorted(marks, key=unicodedata.combining)
            marks.clear()
        pieces.append(char)
    return "".join((*pieces, *sorted(marks, key=unicodedata.combining)))
