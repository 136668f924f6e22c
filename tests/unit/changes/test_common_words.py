"""The longest common subsequence is compared with the result of a simple algorithm. Its limits are tested too."""

from __future__ import annotations

from functools import partial
from random import Random

import pytest

from feedarchive.changes import common_words
from feedarchive.changes.common_words import matches
from tests.harness.linear_time import cpu_seconds, takes_less


def _longest(before: list[int], after: list[int]) -> int:
    """The length of a longest common subsequence, by dynamic programming."""
    row = [0] * (len(after) + 1)
    for item in before:
        diagonal = 0
        for column, other in enumerate(after, 1):
            diagonal, row[column] = row[column], diagonal + 1 if item == other else max(row[column], row[column - 1])
    return row[-1]


@pytest.mark.parametrize("kept", [2**25, 8], ids=["in one table", "divided in halves"])
def test_no_common_subsequence_is_longer(monkeypatch: pytest.MonkeyPatch, kept: int) -> None:
    monkeypatch.setattr(common_words, "_MAX_PAIRS_KEPT", kept)
    random = Random(1)
    for _ in range(500):
        letters = random.choice([1, 2, 3, 9])
        before, after = ([random.randrange(letters) for _ in range(random.randrange(15))] for _ in range(2))
        found = matches(before, after)
        position = other = 0
        for one, two, length in found:
            assert one >= position
            assert two >= other
            assert length > 0
            assert before[one : one + length] == after[two : two + length]
            position, other = one + length, two + length
        assert sum(length for _, _, length in found) == _longest(before, after)


def test_the_worst_texts_take_no_more_time_than_ordinary_ones() -> None:
    random, size = Random(1), 12_000
    ordinary = [int(random.paretovariate(0.9)) for _ in range(size)]
    shuffled = random.sample(ordinary, size)
    usual = cpu_seconds(partial(matches, ordinary, shuffled))
    hostile = {
        "all equal": ([1] * size, [1] * (size - 9)),
        "all different": (list(range(size)), list(range(size, 2 * size))),
        "two words": ([random.randrange(2) for _ in range(size)], [random.randrange(2) for _ in range(size)]),
        "reversed": (list(range(size)), list(range(size))[::-1]),
    }
    for name, (before, after) in hostile.items():
        assert takes_less(partial(matches, before, after), 5 * usual), name
