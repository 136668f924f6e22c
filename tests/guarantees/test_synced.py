"""What a command has written would survive a power cut when the command ends. See also test_runs.py."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable
from zoneinfo import ZoneInfo

import pytest

from feedarchive.archive.forget import forget
from feedarchive.builds.builder import DigestBuilder
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import StoreError
from tests.harness.clock import Clock
from tests.harness.digests import DAY, RecordingAnnouncer
from tests.harness.failing_store import FULL_DISK, FailingStore
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item, news
from tests.harness.feed_server import Response
from tests.harness.simulation import Simulation

ITEM = Item("A bridge", link="https://example.org/a", guid="tag:1")


class CountsUnsynced(FailingStore):
    """Counts the writes since the last sync."""

    unsynced = 0

    def _write(self, write: Callable[[], bool]) -> bool:
        self.unsynced += 1
        return super()._write(write)

    def sync(self) -> None:
        super().sync()
        self.unsynced = 0


@pytest.fixture
def counting(folder_store: FolderStore, clock: Clock) -> CountsUnsynced:
    """A store with one article."""
    FeedArchiver(folder_store, clock).poll(ITEM)
    return CountsUnsynced(folder_store, 0, FULL_DISK)


def test_forget_syncs_tombstones_and_deletions(counting: CountsUnsynced, clock: Clock) -> None:
    assert forget(counting, "https://example.org/a", clock()).removed
    assert counting.writes
    assert counting.unsynced == 0


BUILDS: dict[str, Callable[[DigestBuilder], object]] = {
    "due": lambda builder: builder.build_due(RecordingAnnouncer()),
    "days": lambda builder: builder.build_days([DAY]),
    "all": DigestBuilder.build_all,
}


@pytest.mark.parametrize("build", BUILDS.values(), ids=BUILDS.keys())
def test_a_build_syncs_what_it_has_written(
    counting: CountsUnsynced, clock: Clock, build: Callable[[DigestBuilder], object]
) -> None:
    build(DigestBuilder(counting, ZoneInfo("UTC"), [], clock()))
    assert counting.writes
    assert counting.unsynced == 0


def test_a_sync_that_fails_once_leaves_the_feeds_due(simulation: Simulation, monkeypatch: pytest.MonkeyPatch) -> None:
    """A run saves state twice: when a shard is done, and at the end. After a failed sync, neither may succeed."""
    server = simulation.server()
    server.responses["/feed"] = Response(news(1, 2))
    simulation.subscribe(server.url("/feed"))
    errors = [OSError(errno.EIO, os.strerror(errno.EIO))]

    def fail_once(descriptor: int) -> None:
        if errors:
            raise errors.pop()

    monkeypatch.setattr("sys.platform", "darwin")  # where files are synced one by one
    monkeypatch.setattr("os.fsync", fail_once)
    with pytest.raises(StoreError, match="cannot sync"):
        simulation.run()
    assert errors == []
    assert list(simulation.store.list("state/")) == []
