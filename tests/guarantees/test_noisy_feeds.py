"""Feeds whose entries change at every poll: such changes are not archived, and the feed is reported once."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedarchive.archive.document_result import DocumentResult
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver, articles
from tests.harness.feed_documents import Item


def _items(number: int) -> list[Item]:
    return [Item(f"News {n}", link=f"https://example.org/{n}", text=f"The story number {n}.") for n in range(number)]


@pytest.mark.parametrize(
    ("entries", "edited", "noisy"),
    [(3, 3, False), (4, 4, True), (7, 4, True), (8, 4, False), (9, 5, True), (20, 10, False), (20, 11, True)],
)
def test_a_feed_is_noisy_if_most_of_its_entries_change(
    folder_store: FolderStore, clock: Clock, entries: int, edited: int, noisy: bool
) -> None:
    archiver = FeedArchiver(folder_store, clock)
    items = _items(entries)
    archiver.poll(*items)
    clock.move(days=1)
    changed = [replace(item, text=f"Corrected: {item.text}") for item in items[:edited]]
    result = archiver.poll(*changed, *items[edited:])
    assert result.noisy is noisy
    assert result.revised == (0 if noisy else edited)
    assert [problem.kind for problem in result.problems] == (["noisy"] if noisy else [])


def test_new_entries_do_not_make_a_feed_noisy(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(folder_store, clock)
    archiver.poll(*_items(2))
    result = archiver.poll(*_items(20))
    assert (result.new, result.noisy) == (18, False)


def test_the_revisions_of_a_noisy_feed_are_made_when_it_is_quiet(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(folder_store, clock)
    items = _items(6)
    archiver.poll(*items)
    edited = [replace(item, text=f"Corrected: {item.text}") for item in items]
    assert (archiver.poll(*edited).revised, archiver.poll(*edited).revised) == (0, 6)


def test_a_feed_whose_words_change_at_every_poll_is_noisy_until_it_is_quiet_for_long(
    folder_store: FolderStore, clock: Clock
) -> None:
    archiver, items = FeedArchiver(folder_store, clock), _items(6)
    results = []
    for number in range(12):
        edited = [replace(item, text=f"{item.text} {'abcd'[min(number, 3)]}") for item in items]
        results.append(archiver.poll(*edited))
    assert [result.noisy for result in results] == [False, *[True] * 9, False, False]
    assert [result.revised for result in results] == [*[0] * 10, 6, 0]
    assert _reported(results) == ["noisy"]


# --- only numbers change


def _counters(numbers: list[int], edited: str = "") -> list[Item]:
    """Entries whose titles contain these numbers of comments."""
    return [
        Item(f"News {chr(97 + n)} ({number} comments){edited}", link=f"https://example.org/{chr(97 + n)}", text="Text.")
        for n, number in enumerate(numbers)
    ]


def _reported(results: list[DocumentResult]) -> list[str]:
    return [problem.kind for result in results for problem in result.problems]


def test_a_feed_with_a_clock_in_its_text_is_noisy(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(folder_store, clock)
    results = []
    for minute in [0, 1, 2, 3, 4, 4]:
        items = [Item(f"News {n}", link=f"https://example.org/{n}", text=f"Made at 10:{minute}.") for n in range(8)]
        results.append(archiver.poll(*items))
    assert _reported(results) == ["noisy"]
    assert results[-1].noisy
    assert len(articles(folder_store)) == 8


@pytest.mark.parametrize("stateless", [False, True], ids=["with state", "state lost in between"])
@pytest.mark.parametrize("each_poll", [1, 4, 16], ids="{} of 16 change at each poll".format)
def test_numbers_of_comments_make_few_revisions_and_one_warning(
    folder_store: FolderStore, clock: Clock, each_poll: int, stateless: bool
) -> None:
    archiver, numbers = FeedArchiver(folder_store, clock), [0] * 16
    results = [archiver.poll(*_counters(numbers))]
    for number in range(50):
        for changed in range(each_poll):
            numbers[(number * each_poll + changed) % len(numbers)] += 1
        if stateless and number == 25:
            archiver.seen.clear()
        results.append(archiver.poll(*_counters(numbers)))
        clock.move(minutes=15)
    assert sum(result.revised for result in results) <= 3
    assert _reported(results) == ["noisy"] * (2 if stateless else 1)
    # An edit of words in the same feed still makes a revision.
    assert archiver.poll(*_counters(numbers[:1], " (corrected)"), *_counters(numbers)[1:]).revised == 1


def test_numbers_that_change_once_are_edits(folder_store: FolderStore, clock: Clock) -> None:
    """Results of many games, corrected at the same time, are not counters: the next poll archives them."""
    archiver = FeedArchiver(folder_store, clock)
    polls = ([0] * 8, [5] * 8, [5] * 8)
    assert [archiver.poll(*_counters(numbers)).revised for numbers in polls] == [0, 0, 8]


def test_one_article_whose_number_changes_at_every_poll_has_few_revisions_in_a_feed_that_is_not_noisy(
    folder_store: FolderStore, clock: Clock
) -> None:
    archiver = FeedArchiver(folder_store, clock)
    results = []
    for toll in range(40):
        results.append(archiver.poll(*_counters([toll, *[0] * 15])))
        clock.move(minutes=15)
    assert not any(result.noisy for result in results)
    assert sum(result.revised for result in results) == 2
    assert _reported(results) == []
