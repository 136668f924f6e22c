"""Recognize feeds whose entries change at every poll: a clock, a counter of comments, a random quotation.

Such changes are no edits. One poll is not enough to recognize them, because a publisher may edit many entries at once.
So the changes of the last polls are kept in state, and the feed is judged by all of them. All functions are pure.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum

_WINDOW = 8
"""The number of polls whose changes are kept."""
_MIN_ENTRIES = 4  # Fewer changed entries are no noise: ordinary edits could be most of a short document.
_MIN_POLLS = 2
_POLLS_IN_A_ROW = 3
_NUMBERS_PER_WORDS = 3  # A feed with counters also has a few ordinary edits.
_ID_LENGTH = 6


class Noise(Enum):
    """What changes at every poll."""

    NONE = "nothing"
    NUMBERS = "numbers"
    """The words stay the same: a clock, or a number of comments."""
    WORDS = "words"


@dataclass(frozen=True)
class Changes:
    """How the entries of a document differ from those of the poll before.

    - ``numbers``: the articles in which only numbers differ, each as the first digits of its id.
    - ``words``: the number of entries with other differences.
    - ``entries``: the number of all entries that were compared.
    """

    numbers: frozenset[str] = frozenset()
    words: int = 0
    entries: int = 0

    @classmethod
    def of(cls, numbers: Iterable[str], words: int, entries: int) -> Changes:
        return cls(frozenset(article_id[:_ID_LENGTH] for article_id in numbers), words, entries)

    def pack(self) -> str:
        """The changes as one string, for the state file."""
        return " ".join((str(self.words), str(self.entries), *sorted(self.numbers)))

    @classmethod
    def unpack(cls, packed: str) -> Changes:
        """The reverse of ``pack``. Raises ValueError for other strings."""
        words, entries, *numbers = packed.split()
        return cls(frozenset(numbers), int(words), int(entries))

    @property
    def noise(self) -> Noise:
        """The kind of noise that the changes of this poll alone look like."""
        changed = len(self.numbers) + self.words
        if changed < _MIN_ENTRIES:
            return Noise.NONE
        if len(self.numbers) >= _NUMBERS_PER_WORDS * self.words:
            return Noise.NUMBERS
        return Noise.WORDS if changed * 2 > self.entries else Noise.NONE


def latest(changes: Sequence[Changes]) -> tuple[Changes, ...]:
    """The changes to keep in state, oldest first.

    A poll without changes is kept only if it follows a poll with noise in words, because it shows that this noise has
    ended.
    """
    first = next((number for number, each in enumerate(changes) if each.noise is Noise.WORDS), len(changes))
    return tuple(each for number, each in enumerate(changes) if each.numbers or each.words or number > first)[-_WINDOW:]


def judge(changes: Sequence[Changes], current: Changes = Changes()) -> Noise:
    """Judge a feed by the changes of its last polls, oldest first. ``current`` are those of the current poll.

    ``changes`` include ``current``, if there is a current poll.
    If only the current poll looks noisy, the feed counts as noisy already, so that revisions wait for the next poll.
    """
    if current.noise is Noise.WORDS or sum(each.noise is Noise.WORDS for each in changes) > 1:
        return Noise.WORDS
    return Noise.NUMBERS if current.noise is Noise.NUMBERS or are_numbers_counters(changes) else Noise.NONE


def are_numbers_counters(changes: Sequence[Changes]) -> bool:
    """Do numbers change so often that they are counters? A single poll is not enough to be sure."""
    articles = frozenset[str]().union(*(each.numbers for each in changes))
    words = sum(each.words for each in changes)
    is_often = sum(bool(each.numbers) for each in changes) >= _MIN_POLLS and len(articles) >= _MIN_ENTRIES
    is_usual = sum(each.noise is Noise.NUMBERS for each in changes) > 1
    return is_usual or (is_often and len(articles) >= _NUMBERS_PER_WORDS * words)


def is_counter(changes: Sequence[Changes], article_id: str) -> bool:
    """Did the numbers of one article change at each of the last polls that found a change?"""
    last = changes[-_POLLS_IN_A_ROW:]
    return len(last) == _POLLS_IN_A_ROW and all(article_id[:_ID_LENGTH] in each.numbers for each in last)
