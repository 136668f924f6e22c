"""Recognize noisy feeds. Their entries change at every poll, because they contain a clock, a counter or random texts.

A publisher may also edit many entries at once. To tell noise from edits, the changes at several polls are compared.
The state of the feed contains these changes. All functions are pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

_MAX_POLLS_STORED = 8
# Fewer changed entries than this are never noise: they may be ordinary edits.
_MIN_ENTRIES = 4
_MIN_POLLS = 2
_POLLS_IN_A_ROW = 3
# Changes of numbers are noise if they are at least three times as frequent as changes of words.
_NUMBERS_PER_WORDS = 3
_ID_LENGTH = 6


class Noise(Enum):
    """What changes at every poll of a feed. The values are used in messages."""

    NONE = "nothing"
    NUMBERS = "numbers"
    """Only the numbers in the texts change, for example a clock or the number of comments."""
    WORDS = "words"


@dataclass(frozen=True)
class Changes:
    """How the entries of a document differ from the entries at the previous poll.

    - ``numbers``: the first six digits of the ids of the articles in which only numbers differ.
    - ``words``: the number of entries whose words changed.
    - ``entries``: the number of entries that were compared.
    """

    numbers: frozenset[str] = frozenset()
    words: int = 0
    entries: int = 0

    @classmethod
    def of(cls, numbers: Iterable[str], words: int, entries: int) -> Changes:
        return cls(frozenset(article_id[:_ID_LENGTH] for article_id in numbers), words, entries)

    def pack(self) -> str:
        """Return ``"<words> <entries> <numbers…>"``, as it is written to the state file of the feed."""
        return " ".join((str(self.words), str(self.entries), *sorted(self.numbers)))

    @classmethod
    def unpack(cls, packed: str) -> Changes:
        """Make Changes from a string that ``pack`` returned. Raises ValueError for other strings."""
        words, entries, *numbers = packed.split()
        return cls(frozenset(numbers), int(words), int(entries))

    @property
    def noise(self) -> Noise:
        """What kind of noise this poll shows, without regard to other polls."""
        changed = len(self.numbers) + self.words
        if changed < _MIN_ENTRIES:
            return Noise.NONE
        if len(self.numbers) >= _NUMBERS_PER_WORDS * self.words:
            return Noise.NUMBERS
        return Noise.WORDS if changed * 2 > self.entries else Noise.NONE


def latest(changes: Sequence[Changes]) -> tuple[Changes, ...]:
    """Return the changes to store in the feed's state: those of at most eight polls, oldest first.

    Polls without changes are left out, so that older changes are kept longer. After a poll with noise in words, they
    are stored, to show that the noise has ended.
    """
    first = next((number for number, each in enumerate(changes) if each.noise is Noise.WORDS), len(changes))
    kept = [each for number, each in enumerate(changes) if each.numbers or each.words or number > first]
    return tuple(kept[-_MAX_POLLS_STORED:])


def judge(changes: Sequence[Changes], current: Changes = Changes()) -> Noise:
    """Decide which kind of noise a feed has.

    - ``changes``: the changes at the feed's last polls, including the current poll (the result of ``latest``).
    - ``current``: the changes at the current poll; empty if there is none.

    If the current poll looks noisy, the feed counts as noisy at this poll, even if no earlier poll was noisy.
    """
    if current.noise is Noise.WORDS or sum(each.noise is Noise.WORDS for each in changes) > 1:
        return Noise.WORDS
    return Noise.NUMBERS if current.noise is Noise.NUMBERS or are_numbers_counters(changes) else Noise.NONE


def are_numbers_counters(changes: Sequence[Changes]) -> bool:
    """Check whether numbers changed so often that they must be counters."""
    articles = frozenset[str]().union(*(each.numbers for each in changes))
    words = sum(each.words for each in changes)
    is_often = sum(bool(each.numbers) for each in changes) >= _MIN_POLLS and len(articles) >= _MIN_ENTRIES
    is_usual = sum(each.noise is Noise.NUMBERS for each in changes) > 1
    return is_usual or (is_often and len(articles) >= _NUMBERS_PER_WORDS * words)


def is_counter(changes: Sequence[Changes], article_id: str) -> bool:
    """Check whether only the numbers of an article changed, at each of the last three polls in ``changes``."""
    last = changes[-_POLLS_IN_A_ROW:]
    return len(last) == _POLLS_IN_A_ROW and all(article_id[:_ID_LENGTH] in each.numbers for each in last)
