"""A copy was killed, or the disk was full: running the same command completes it, and no article is doubled."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedarchive.archive.manifest import InvalidArchive
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import StoreError
from tests.copying.archives import SHOWN_IN_SMALL, copy, fetch_again, files
from tests.copying.test_copy import NEW
from tests.harness.clock import Clock
from tests.harness.digests import build
from tests.harness.failing_store import FULL_DISK, FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver


def test_a_kill_at_every_write_cannot_double_an_article(small: FolderStore, tmp_path: Path, clock: Clock) -> None:
    """After each kill, a run at the destination is refused or adds nothing. Repeating the copy completes it."""
    copies, wanted = tmp_path / "copies", files(small)
    for after in (False, True):
        at = 1
        while True:
            store = FolderStore(copies / f"{at}-{after}")
            failing = FailingStore(store, at, Killed(), after=after)
            try:
                copy(small, failing)
            except Killed:
                if list(store.list("archive/")) or list(store.list("claims/")):
                    try:
                        assert fetch_again(store, clock, SHOWN_IN_SMALL) == 0
                    except InvalidArchive:
                        assert store.read("archive.json") is None
                copy(small, store)
            assert files(store) == wanted, at
            if failing.writes < at:
                break
            at += 1
        assert at > len(wanted)


def test_a_second_copy_that_is_killed_cannot_double_an_article(
    small: FolderStore, tmp_path: Path, clock: Clock
) -> None:
    """The new article was claimed eight days ago. A run that took the claim over would write another file."""
    stores = [FolderStore(tmp_path / str(number)) for number in range(30)]
    for store in stores:
        copy(small, store)
    FeedArchiver(small, clock).poll(*SHOWN_IN_SMALL, NEW)
    build(small, clock())
    clock.move(days=8)
    before, wanted = files(stores[0]), files(small)
    for at, store in enumerate(stores):
        failing = FailingStore(store, at + 1, Killed(), after=at % 2 == 1)
        try:
            copy(small, failing)
        except Killed:
            if store.read("archive.json"):  # missing while a copy is incomplete
                assert files(store) in (before, wanted)
            else:
                with pytest.raises(InvalidArchive, match=r"archive\.json is missing"):
                    fetch_again(store, clock)
            copy(small, store)
        assert files(store) == wanted, at
        if failing.writes <= at:
            return
    raise AssertionError("the copy has more writes than expected")


@pytest.mark.parametrize("at", [1, 9, 40])
def test_a_full_disk_ends_the_copy_and_the_same_command_goes_on(
    source: FolderStore, destination: FolderStore, at: int
) -> None:
    with pytest.raises(StoreError, match="the disk is full"):
        copy(source, FailingStore(destination, at, FULL_DISK))
    copy(source, destination)
    assert files(destination) == files(source)
