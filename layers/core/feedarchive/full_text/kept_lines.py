"""Find the lines of a page that make up a text which was extracted from it. Pure.

The words of both are aligned by a longest common subsequence, so that a teaser or a menu with the same words elsewhere
on the page is not taken for the text.
"""

from __future__ import annotations

from collections.abc import Sequence

from feedarchive.changes.common_words import MAX_PAIRS, matches
from feedarchive.full_text.page_words import Line, Slot, all_words, slot_words

# A line with at least this share of its words in the text is kept complete: with a link or a note that was left out.
_KEPT = 0.6
# Otherwise a part of a line is kept if this share of its words is in the text.
_KEPT_PART = 0.8
_HEADLINES = frozenset(("h1", "h2"))
_INLINE = frozenset("a span strong b em i font".split())


def kept_slots(lines: Sequence[Line], text: Sequence[str]) -> set[Slot] | None:
    """The parts of the page that the text consists of, without lines of signs alone; None if both are too long."""
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
        if sum(common[at : at + length]) >= _KEPT * length:
            kept.update(line.slots)
        else:
            kept.update(_kept_parts(line, common[at : at + length]))
        at += length
    return kept


def without_headline(lines: Sequence[Line], kept: set[Slot], title: str) -> set[Slot]:
    """Leave out the headline if the text begins with it: an article's file has it in the front matter."""
    first = next((line for line in lines if any(slot in kept and slot.words for slot in line.slots)), None)
    if first is None or not set(first.words) <= set(slot_words(title)) or _heading(first) not in _HEADLINES:
        return kept
    return kept - set(first.slots)


def with_signs(lines: Sequence[Line], kept: set[Slot]) -> set[Slot]:
    """Add the lines that have signs but no words, such as "* * *" and "★★★★☆", if they are between kept lines."""
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
        if length and sum(common[at : at + length]) >= _KEPT_PART * length:
            kept.append(slot)
        at += length
    return kept


def _common(page: Sequence[str], text: Sequence[str]) -> list[bool]:
    """Whether each word of the page is in the text, at a place that fits with the words around it."""
    numbers: dict[str, int] = {}
    ids, other_ids = ([numbers.setdefault(word, len(numbers)) for word in words] for words in (page, text))
    common = [False] * len(page)
    for start, _, length in matches(ids, other_ids):
        common[start : start + length] = [True] * length
    return common
