"""What a retention rule has removed does not return when the rule becomes longer or ends."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedarchive.archive.retention import effective_retention, remember_retention, removed_before
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver, first_versions, titles
from tests.harness.feed_documents import Item

OLD = Item("Old", "https://example.org/old")
NEW = Item("New", "https://example.org/new")
MONTH = timedelta(days=30)


@pytest.mark.parametrize("later", [None, timedelta(days=365)], ids=["ended", "longer"])
def test_an_expired_article_does_not_return_when_the_retention_changes(
    folder_store: FolderStore, clock: Clock, later: timedelta | None
) -> None:
    """The feed still has the expired article, and state is lost. An article that had not expired yet is kept."""

    def poll(retention: timedelta | None, *items: Item) -> None:
        remember_retention(folder_store, retention, clock())
        effective = effective_retention(folder_store, retention, clock())
        FeedArchiver(folder_store, clock, stateless=True, retention=effective).poll(*items)

    poll(MONTH, OLD)
    clock.move(days=20)
    poll(MONTH, OLD, NEW)
    clock.move(days=11)
    (removed,) = [key for key in first_versions(folder_store) if "old" in key]
    folder_store.delete(removed)
    poll(MONTH, OLD, NEW)
    assert titles(folder_store) == ["New"]
    for _ in range(3):
        clock.move(days=9)
        poll(later, OLD, NEW)
        assert titles(folder_store) == ["New"]


def test_the_time_only_grows_and_is_written_once_a_day(folder_store: FolderStore, clock: Clock) -> None:
    remember_retention(folder_store, None, clock())
    assert removed_before(folder_store) is None
    start = clock()
    remember_retention(folder_store, MONTH, clock())
    assert removed_before(folder_store) == start - MONTH
    clock.move(hours=23)
    remember_retention(folder_store, MONTH, clock())
    assert removed_before(folder_store) == start - MONTH
    clock.move(hours=2)
    remember_retention(folder_store, 2 * MONTH, clock())
    assert removed_before(folder_store) == start - MONTH
    remember_retention(folder_store, MONTH, clock())
    assert removed_before(folder_store) == clock() - MONTH
