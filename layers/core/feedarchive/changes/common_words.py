"""Find a longest common subsequence of two sequences, in bounded time and memory.

The length of the subsequence is computed as in Hyyrö, "Bit-parallel LCS-length computation revisited" (2004): the bits
of one large integer stand for all positions of a sequence. To find the common items themselves, the problem is divided
into halves, as in Hirschberg, "A linear space algorithm for computing maximal common subsequences" (1975).

docs/decisions.md, "Own word diff", says why no library is used.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from itertools import accumulate

MAX_PAIRS = 4_000_000_000
"""How many pairs of positions ``matches`` can compare in about a second.

Two sequences of 1,000 and 2,000 items have 2,000,000 pairs of positions.
"""
# Two sequences with more pairs of positions than this are divided into parts. ``_traced`` stores one bit for each pair
# of positions in a part, so it needs at most 4 MB.
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
    """Join neighboring pairs of positions: (3, 7) and (4, 8) become the match (3, 7, 2)."""
    runs: list[Match] = []
    for one, other in pairs:
        if runs and runs[-1][0] + runs[-1][2] == one and runs[-1][1] + runs[-1][2] == other:
            runs[-1] = (runs[-1][0], runs[-1][1], runs[-1][2] + 1)
        else:
            runs.append((one, other, 1))
    return runs


def common_ends(before: Sequence[int], after: Sequence[int]) -> tuple[int, int]:
    """Count the equal items at the start of both sequences, and then the equal items at the end of the rest."""
    shorter = min(len(before), len(after))
    start = next((n for n in range(shorter) if before[n] != after[n]), shorter)
    rest = shorter - start
    end = next((n for n in range(rest) if before[-1 - n] != after[-1 - n]), rest)
    return start, end


def _matches(before: Sequence[int], after: Sequence[int], before_offset: int, after_offset: int) -> Iterator[Match]:
    """Find the matches in ``before`` and ``after``, which are parts of the two sequences.

    ``before_offset`` and ``after_offset``: where the parts begin in the complete sequences.
    """
    start, end = common_ends(before, after)
    if start:
        yield before_offset, after_offset, start
    rest, rest_after = before[start : len(before) - end], after[start : len(after) - end]
    rest_offset, rest_after_offset = before_offset + start, after_offset + start
    if rest and rest_after:
        if len(rest) * len(rest_after) <= _MAX_PAIRS_KEPT or len(rest) == 1:
            yield from _traced(rest, rest_after, rest_offset, rest_after_offset)
        else:
            half = len(rest) // 2
            split = _split(rest[:half], rest[half:], rest_after)
            yield from _matches(rest[:half], rest_after[:split], rest_offset, rest_after_offset)
            yield from _matches(rest[half:], rest_after[split:], rest_offset + half, rest_after_offset + split)
    if end:
        yield before_offset + len(before) - end, after_offset + len(after) - end, end


def _split(first: Sequence[int], second: Sequence[int], after: Sequence[int]) -> int:
    """Return the position at which to divide ``after``.

    The part before this position is then compared with ``first``, the other part with ``second``. The position is
    chosen so that the two longest common subsequences together are as long as possible.
    """
    forward = _prefix_lengths(_last_row(first, after), len(after))
    backward = _prefix_lengths(_last_row(second[::-1], after[::-1]), len(after))
    totals = [left + right for left, right in zip(forward, reversed(backward), strict=True)]
    return totals.index(max(totals))


def _prefix_lengths(row: int, length: int) -> list[int]:
    """Return the lengths of the longest common subsequences of ``before`` with each prefix of ``after``.

    ``row`` is ``_last_row(before, after)``, and ``length`` is ``len(after)``. The result for a prefix of n items is the
    number of zero bits among the lowest n bits of ``row``.
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
        # If an item occurs only once, its integer is not kept: 50,000 of these integers would need 160 MB.
        if len(listed) < 2:
            return 1 << listed[0] if listed else 0
        if item not in self._bits:
            data = bytearray(self._length // 8 + 1)
            for position in listed:
                data[position >> 3] |= 1 << (position & 7)
            self._bits[item] = int.from_bytes(data, "little")
        return self._bits[item]


def _traced(before: Sequence[int], after: Sequence[int], before_offset: int, after_offset: int) -> list[Match]:
    """Find the matches of two short sequences.

    There is a row of bits for each prefix of ``before``, with a bit for each position in ``after``. A bit is zero if
    the longest subsequence that the prefix and ``after`` have in common grows at this position. The matches are found
    by going through the rows backward.
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
        # If this bit is zero in the previous row too, before[number - 1] is not in the common subsequence.
        if (~rows[number - 1] >> (column - 1)) & 1:
            continue
        found_matches.append((before_offset + number - 1, after_offset + column - 1, 1))
        column -= 1
    return found_matches[::-1]
