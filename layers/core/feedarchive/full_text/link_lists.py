"""Leave out lists of links at the start and end of a text, such as menus and related articles. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from feedarchive.full_text.page_words import Line, Slot

# A line with at least this number of words outside links is text.
_MIN_TEXT_WORDS = 8
# A list of fewer links is kept, because it may be a part of the article, such as its sources.
_MIN_LINKS = 3


def without_link_lists(lines: Sequence[Line], kept: set[Slot]) -> set[Slot]:
    """Return ``kept`` without lists of links at the start and end. Lists between two lines of text stay."""
    used = [line for line in lines if any(slot in kept and slot.words for slot in line.slots)]
    texts = [number for number, line in enumerate(used) if line.words_outside_links >= _MIN_TEXT_WORDS]
    if not texts:
        return kept
    return kept - _link_list(used[: texts[0]]) - _link_list(reversed(used[texts[-1] + 1 :]))


def _link_list(lines: Iterable[Line]) -> set[Slot]:
    """Return the slots of all lines if the lines are a list of links; otherwise an empty set."""
    listed = list(lines)
    if sum(not line.words_outside_links for line in listed) < _MIN_LINKS:
        return set()
    return {slot for line in listed for slot in line.slots}
