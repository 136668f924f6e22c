"""Find a longest common subsequence of two sequences, in bounded time and memory.

Its length is computed as in Hyyrö, "Bit-parallel LCS-length computation revisited" (2004): the bits of one large
integer stand for all positions of a sequence. To find the common items themselves, the problem is divided into halves,
as in Hirschberg, "A linear space algorithm for computing maximal common subsequences" (1975).

docs/decisions.md, "Own word diff", says why no library is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

MAX_PAIRS = 4_000_000_000
"""How many pairs of positions ``matches`` can compare in about a second.

Two sequences of 1,000 and 2,000 items have 2,000,000 pairs of positions.
"""
# Two sequences are divided until they have at most this many pairs of positions. Each pair then needs one bit: 4 MB.
_MAX_PAIRS_KEPT = 2**25

Match = tuple[int, int, int]
"""A run of equal items: where it begins in the first sequence, where it begins in the second one, and its length."""


def matches(before: Sequence[int], after: Sequence[int]) -> list[Match]:
    """Return a longest common subsequence as runs of items that are neighbors in both sequences.

    The time is proportional to the product of both lengths.
    """
    common = set(before) & set(after)
    at_before = [position for position, item in enumerate(before) if item in common]
    at_after = [position for position, item in enumerate(after) if item in common]
    found = _matches([before[p] for p in at_before], [after[p] for p in at_after], 0, 0)
    return _runs((at_before[one + n], at_after[other + n]) for one, other, length in found for n in range(length))


def _runs(pairs: Iterable[tuple[int, int]]) -> list[Match]:
    """Join pairs of positions that follow each other in both sequences."""
    runs: list[Match] = []
    for one, other in pairs:
        if runs and runs[-1][0] + runs[-1][2] == one and runs[-1][1] + runs[-1][2] == other:
            runs[-1] = (runs[-1][0], runs[-1][1], runs[-1][2] + 1)
        else:
            runs.append((one, other, 1))
    return runs


def common_ends(before: Sequence[int], after: Sequence[int]) -> tuple[int, int]:
    """Count the items that are the same at the start of both sequences, and those that are the same at the end.

    No item is counted twice.
    """
    shorter = min(len(before), len(after))
    start = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    rest = shorter - start
    end = next((n for n in range(rest) if before[-1 - n] != after[-1 - n]), rest)
    return start, end


def _matches(before: Sequence[int], after: Sequence[int], one: int, other: int) -> Iterator[Match]:
    """Find the matches in parts of the two sequences. A run of equal items may be divided into several matches.

    ``one`` and ``other`` are the positions at which the parts begin in the complete sequences.
    """
    start, end = common_ends(before, after)
    if start:
        yield one, other, start
    rest, rest_after = before[start : len(before) - end], after[start : len(after) - end]
    if rest and rest_after:
        if len(rest) * len(rest_after) <= _MAX_PAIRS_KEPT or len(rest) == 1:
            yield from _traced(rest, rest_after, one + start, other + start)
        else:
            half = len(rest) // 2
            split = _split(rest[:half], rest[half:], rest_after)
            yield from _matches(rest[:half], rest_after[:split], one + start, other + start)
            yield from _matches(rest[half:], rest_after[split:], one + start + half, other + start + split)
    if end:
        yield one + len(before) - end, other + len(after) - end, end


def _split(first: Sequence[int], second: Sequence[int], after: Sequence[int]) -> int:
    """Return the position at which to divide ``after``. Its parts are then compared with ``first`` and ``second``.

    At this position, the total length of the two longest common subsequences is greatest.
    """
    forward = _prefix_lengths(_last_row(first, after), len(after))
    backward = _prefix_lengths(_last_row(second[::-1], after[::-1]), len(after))
    totals = [left + right for left, right in zip(forward, reversed(backward), strict=True)]
    return totals.index(max(totals))


def _prefix_lengths(row: int, length: int) -> list[int]:
    """Return, for each prefix of ``after``, the length of its longest common subsequence with ``before``.

    ``row`` is the result of ``_last_row(before, after)``, and ``length`` is the length of ``after``. For a prefix of n
    items, the result is the number of zero bits among the lowest n bits of ``row``.
    """
    bits = f"{row:0{length}b}"[::-1]
    return [0, *accumulate(bit == "0" for bit in bits)]


def _last_row(before: Sequence[int], after: Sequence[int]) -> int:
    row = full = (1 << len(after)) - 1
    positions = _Positions(after)
    for item in before:
        if found := positions.bits(item):
            row = _next_row(row, found) & full
    return row


def _next_row(row: int, found: int) -> int:
    both = row & found
    return (row + both) | (row - both)


class _Positions:
    """The positions of each item in a sequence, as an integer: bit n is 1 if the item is at position n."""

    def __init__(self, items: Sequence[int]) -> None:
        self._length = len(items)
        self._listed: dict[int, list[int]] = {}
        for position, item in enumerate(items):
            self._listed.setdefault(item, []).append(position)
        self._bits: dict[int, int] = {}

    def bits(self, item: int) -> int:
        listed = self._listed.get(item, ())
        # If an item occurs only once, its integer is made again at each call. To keep these integers for 50,000 items
        # would need 160 MB.
        if len(listed) < 2:
            return 1 << listed[0] if listed else 0
        if item not in self._bits:
            data = bytearray(self._length // 8 + 1)
            for position in listed:
                data[position >> 3] |= 1 << (position & 7)
            self._bits[item] = int.from_bytes(data, "little")
        return self._bits[item]


def _traced(before: Sequence[int], after: Sequence[int], one: int, other: int) -> list[Match]:
    """Find the matches of two short sequences.

    For each prefix of ``before``, a row of bits is computed: a zero bit marks a position in ``after`` at which the
    common subsequence becomes longer. All rows are kept, and the matches are found from the last row backward.
    """
    full = (1 << len(after)) - 1
    positions = _Positions(after)
    rows = [full]
    for item in before:
        found = positions.bits(item)
        rows.append(_next_row(rows[-1], found) & full if found else rows[-1])
    found_matches: list[Match] = []
    column = len(after)
    for number in range(len(before), 0, -1):
        # The last item of the common subsequence of before[:number] and after[:column] is at the highest zero bit.
        zeros = ~rows[number] & ((1 << column) - 1)
        if not zeros:
            break
        column = zeros.bit_length()
        # If the previous row has this zero bit too, the subsequence does not need the item before[number - 1].
        if (~rows[number - 1] >> (column - 1)) & 1:
            continue
        found_matches.append((one + number - 1, other + column - 1, 1))
        column -= 1
    return found_matches[::-1]
