"""Find which words of a text were replaced. As few words as possible count as changed.

Often a change can be placed at several positions. Then a natural one is chosen, such as the start of a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from feedarchive.changes.common_words import MAX_PAIRS, Match, common_ends, matches
from feedarchive.changes.words import BREAK

_SENTENCE_ENDS = frozenset(".!?…。！？")
_BESIDE_A_CHANGE, _PARAGRAPH_START, _SENTENCE_START, _ELSEWHERE = 3, 2, 1, 0


@dataclass(frozen=True)
class Hunk:
    """A change of words: ``before[removed_from:removed_to]`` was replaced by ``after[added_from:added_to]``."""

    removed_from: int
    removed_to: int
    added_from: int
    added_to: int

    def moved(self, by: int) -> Hunk:
        return Hunk(self.removed_from + by, self.removed_to + by, self.added_from + by, self.added_to + by)


def hunks(before: Sequence[str], after: Sequence[str], max_pairs: int = MAX_PAIRS) -> list[Hunk]:
    """Return the changes between two texts, in order. As few words as possible count as changed.

    ``max_pairs``: the maximum number of pairs of words to compare. Texts of 1,000 and 2,000 words have 2,000,000 pairs.
    In longer texts, whole paragraphs are compared first, and words only in the paragraphs that differ. Paragraphs that
    are too long even for this count as completely replaced.
    """
    numbers: dict[str, int] = {}
    ids, other_ids = ([numbers.setdefault(word, len(numbers)) for word in text] for text in (before, after))
    found = _hunks_between(_align(ids, other_ids, numbers.get(BREAK, -1), max_pairs), len(before), len(after))
    return _at_natural_places(found, before, after)


def _align(before: Sequence[int], after: Sequence[int], divider: int, max_pairs: int) -> list[Match]:
    start, end = common_ends(before, after)
    if (len(before) - start - end) * (len(after) - start - end) <= max_pairs:
        return matches(before, after)
    paragraphs: dict[tuple[int, ...], int] = {}
    parts, other_parts = (_Parts(ids, divider, paragraphs) for ids in (before, after))
    if len(parts.ids) * len(other_parts.ids) > max_pairs:
        return [(0, 0, start), (len(before) - end, len(after) - end, end)]
    found: list[Match] = []
    position, other = 0, 0
    for one, two, length in [*matches(parts.ids, other_parts.ids), (len(parts.ids), len(other_parts.ids), 0)]:
        changed = before[position : parts.starts[one]], after[other : other_parts.starts[two]]
        pairs = len(changed[0]) * len(changed[1])
        if pairs <= max_pairs:
            max_pairs -= pairs
            found += [(position + a, other + b, n) for a, b, n in matches(*changed)]
        found.append((parts.starts[one], other_parts.starts[two], parts.starts[one + length] - parts.starts[one]))
        position, other = parts.starts[one + length], other_parts.starts[two + length]
    return found


class _Parts:
    """The paragraphs of a text.

    - ``ids``: a number for each paragraph. Equal paragraphs have the same number.
    - ``starts``: the positions at which the paragraphs begin, followed by the length of the text.
    """

    def __init__(self, ids: Sequence[int], divider: int, numbers: dict[tuple[int, ...], int]) -> None:
        breaks = [position + 1 for position, word in enumerate(ids) if word == divider]
        self.starts = sorted({0, *breaks, len(ids)})
        self.ids = [numbers.setdefault(tuple(ids[a:b]), len(numbers)) for a, b in pairwise(self.starts)]


def _hunks_between(found: Sequence[Match], length: int, other_length: int) -> list[Hunk]:
    position = other = 0
    between: list[Hunk] = []
    for one, two, same in [*found, (length, other_length, 0)]:
        if one > position or two > other:
            between.append(Hunk(position, one, other, two))
        position, other = one + same, two + same
    return between


def _at_natural_places(found: Sequence[Hunk], before: Sequence[str], after: Sequence[str]) -> list[Hunk]:
    """Move insertions and deletions to the most natural of their possible places.

    Example: to get from "It rains. Bye." to "It rains. Hello. Bye.", one can insert ". Hello" after "rains", or
    "Hello." before "Bye". The second is more natural, because it is the start of a sentence. A place next to another
    change is best, then the start of a paragraph, then the start of a sentence.
    """
    placed: list[Hunk] = []
    for number, each in enumerate(found):
        hunk = each
        unchanged = (
            hunk.removed_from - (placed[-1].removed_to if placed else 0),
            (found[number + 1].removed_from if number + 1 < len(found) else len(before)) - hunk.removed_to,
        )
        has_change = (bool(placed), number + 1 < len(found))
        if hunk.removed_from == hunk.removed_to:
            hunk = hunk.moved(_best_move(after, hunk.added_from, hunk.added_to, unchanged, has_change))
        elif hunk.added_from == hunk.added_to:
            hunk = hunk.moved(_best_move(before, hunk.removed_from, hunk.removed_to, unchanged, has_change))
        if placed and placed[-1].removed_to == hunk.removed_from:
            hunk = Hunk(placed[-1].removed_from, hunk.removed_to, placed[-1].added_from, hunk.added_to)
            del placed[-1]
        placed.append(hunk)
    return placed


def _best_move(
    text: Sequence[str], start: int, end: int, unchanged: tuple[int, int], has_change: tuple[bool, bool]
) -> int:
    """Return how many words the insertion or deletion ``text[start:end]`` should move. Negative: toward the start.

    - ``unchanged``: the number of unchanged words on each side.
    - ``has_change``: for each side, whether there is another change on this side.
    """
    best, best_place = 0, _place(text, start)
    for step, most, is_change in ((-1, unchanged[0], has_change[0]), (1, unchanged[1], has_change[1])):
        for move in range(step, (most + 1) * step, step):
            passed, joined = (start + move, end + move) if step < 0 else (start + move - 1, end + move - 1)
            if text[passed] != text[joined]:
                break
            place = _BESIDE_A_CHANGE if is_change and move == most * step else _place(text, start + move)
            if place > best_place:
                best, best_place = move, place
    return best


def _place(text: Sequence[str], start: int) -> int:
    if start == 0 or text[start - 1] == BREAK:
        return _PARAGRAPH_START
    return _SENTENCE_START if text[start - 1] in _SENTENCE_ENDS else _ELSEWHERE
