"""When most entries of a feed change between two polls, revisions stop: at least four, and more than half of them."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver
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
