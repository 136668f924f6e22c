"""Locate an extracted text in its page: find the lines of the page that contain it. Pure functions.

The words of the page and of the text are aligned by a longest common subsequence, so that a menu or a teaser with the
same words is not mistaken for the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from feedarchive.changes.common_words import MAX_PAIRS, matches
from feedarchive.full_text.page_words import Line, Slot, all_words, slot_words

# A line of the page is kept if at least this share of its words is in the extracted text.
_MIN_SHARE_OF_LINE = 0.6
# In other lines, a part (a Slot) is kept if at least this share of its words is in the extracted text.
_MIN_SHARE_OF_PART = 0.8
_HEADLINES = frozenset(("h1", "h2"))
_INLINE = frozenset("a span strong b em i font".split())


def kept_slots(lines: Sequence[Line], text: Sequence[str]) -> set[Slot] | None:
    """Return the parts of the page that contain the extracted text; None if the page or the text is too long.

    - ``lines``: the lines of the page.
    - ``text``: the words of the extracted text.

    Lines without words, such as "* * *", are not in the result (see ``with_signs``).
    """
    page = all_words(lines)
    if len(page) * len(text) > MAX_PAIRS:
        return None
    common = _common(page, text)
    kept: set[Slot] = set()
    at = 0
    for line in lines:
        length = len(line.words)
        if not length:
            continue
        if sum(common[at : at + length]) >= _MIN_SHARE_OF_LINE * length:
            kept.update(line.slots)
        else:
            kept.update(_kept_parts(line, common[at : at + length]))
        at += length
    return kept


def without_headline(lines: Sequence[Line], kept: set[Slot], title: str) -> set[Slot]:
    """Remove the headline from the start of ``kept``, because the front matter has the title already."""
    first = next((line for line in lines if any(slot in kept and slot.words for slot in line.slots)), None)
    if first is None or not set(first.words) <= set(slot_words(title)) or _heading(first) not in _HEADLINES:
        return kept
    return kept - set(first.slots)


def with_signs(lines: Sequence[Line], kept: set[Slot]) -> set[Slot]:
    """Add each line without words, such as "* * *" or "★★★★☆", that is between two kept lines."""
    found, waiting = set(kept), list[Slot]()
    is_after_kept = False
    for line in lines:
        if not line.words:
            waiting += [slot for slot in line.slots if is_after_kept and not slot.is_in_link]
            continue
        is_kept = any(slot in kept and slot.words for slot in line.slots)
        if is_kept:
            found.update(waiting)
        waiting, is_after_kept = [], is_kept
    return found


def _heading(line: Line) -> str:
    element = line.slots[0].element
    while element.tag not in _HEADLINES and (parent := element.getparent()) is not None and element.tag in _INLINE:
        element = parent
    return str(element.tag)


def _kept_parts(line: Line, common: Sequence[bool]) -> list[Slot]:
    kept, at = [], 0
    for slot in line.slots:
        length = len(slot.words)
        if length and sum(common[at : at + length]) >= _MIN_SHARE_OF_PART * length:
            kept.append(slot)
        at += length
    return kept


def _common(page: Sequence[str], text: Sequence[str]) -> list[bool]:
    """Return for each word of the page whether it is in the longest common subsequence of page and text."""
    numbers: dict[str, int] = {}
    ids, other_ids = ([numbers.setdefault(word, len(numbers)) for word in words] for words in (page, text))
    common = [False] * len(page)
    for start, _, length in matches(ids, other_ids):
        common[start : start + length] = [True] * length
    return common
