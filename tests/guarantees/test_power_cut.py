"""After a power cut, files that were not yet on the disk are empty or truncated.

The next run must not skip a feed as unchanged if an article of the feed is lost.
"""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from feedarchive.store import durable_files
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Stored
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver, articles, everything
from tests.harness.feed_documents import Item

SITE = "https://example.org"
ITEM = Item("A bridge", link=f"{SITE}/a", guid="tag:1")
EDITED = Item("A bridge", link=f"{SITE}/a", guid="tag:1", text="Other words, and more of them.")
REST = [Item(f"Rest {n}", link=f"{SITE}/rest/{n}", text=f"Nothing happened in {n}.") for n in range(6)]
# File systems write whole pages of memory, so a power cut truncates a new file at the end of such a page.
PAGE = 4096


class Disk:
    """Records which files of a folder are on the disk. A flush adds one file, a sync of the file system adds all."""

    def __init__(self, root: Path, monkeypatch: pytest.MonkeyPatch, whole_file_system: bool) -> None:
        self.root = root
        self.flushed: set[int] = set()

        def flush(descriptor: int) -> None:
            self.flushed.add(os.fstat(descriptor).st_ino)

        def sync(_: Path) -> bool:
            if whole_file_system:
                self.flushed |= {path.stat().st_ino for path in root.rglob("*")}
            return whole_file_system

        monkeypatch.setattr(os, "fsync", flush)
        monkeypatch.setattr(durable_files, "sync_file_system", sync)

    def unflushed(self) -> list[Path]:
        files = (path for path in self.root.rglob("*") if path.is_file() and ".tmp" not in path.parts)
        return [path for path in files if path.stat().st_ino not in self.flushed]

    def cut_power(self) -> None:
        for path in self.unflushed():
            path.write_bytes(b"")


@pytest.fixture(params=[True, False], ids=["the file system is synced", "each file is synced"])
def disk(request: pytest.FixtureRequest, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Disk:
    return Disk(tmp_path / "archive", monkeypatch, request.param)


@pytest.mark.parametrize("edited", [False, True])
def test_a_run_that_finds_everything_known_syncs_what_a_killed_run_wrote(
    disk: Disk, clock: Clock, edited: bool
) -> None:
    """The first run is killed before it syncs. The second finds its files, and saves state."""
    items = [EDITED if edited else ITEM, *REST]
    if edited:
        before = FolderStore(disk.root)
        FeedArchiver(before, clock).poll(ITEM, *REST)
        before.sync()
        clock.move(days=1)
    FeedArchiver(FolderStore(disk.root), clock).poll(*items)
    written = everything(FolderStore(disk.root))
    second = FolderStore(disk.root)
    result = FeedArchiver(second, clock).poll(*items)
    assert (result.new, result.revised) == (0, 0)
    second.sync()
    disk.cut_power()
    assert everything(FolderStore(disk.root)) == written


def test_a_run_that_writes_and_finds_nothing_does_not_sync(
    disk: Disk, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    store = FolderStore(disk.root)
    archiver = FeedArchiver(store, clock)
    archiver.poll(ITEM)
    store.sync()
    monkeypatch.setattr(durable_files, "sync_file_system", lambda _: pytest.fail("synced"))
    archiver.poll(ITEM)
    store.sync()


def test_no_file_can_be_truncated_so_that_it_looks_complete(disk: Disk, clock: Clock) -> None:
    """A file that is truncated after a newline looks complete.

    So a file in which a page of memory ends with a newline is flushed before it gets its name.
    """
    store = FolderStore(disk.root)
    lines = "<br>".join(f"Line {n} of a long poem about the bridge" for n in range(1500))
    items = [Item(f"Poem {n}", link=f"{SITE}/{n}", guid=f"tag:{n}", text=f"{'x' * n} {lines}") for n in range(30)]
    assert FeedArchiver(store, clock).poll(*items).new == len(items)
    ambiguous = 0
    for path in disk.unflushed():
        data = path.read_bytes()
        for length in range(0, len(data), PAGE):
            assert not Stored(data[:length], "").is_complete, (path, length)
    for data in articles(store).values():
        ambiguous += any(data[:length].endswith(b"\n") for length in range(PAGE, len(data), PAGE))
    assert ambiguous >= 5  # otherwise this test proves nothing
    assert disk.unflushed()  # not every file is flushed, because that would take too long


def test_a_replaced_file_is_not_truncated_so_that_it_looks_complete(disk: Disk) -> None:
    store = FolderStore(disk.root)
    data = b"x" * (PAGE - 1) + b"\n" + b"y" * PAGE + b"\n"
    store.create("state/all.json", b"{}\n")
    stored = store.read("state/all.json")
    assert stored is not None
    assert store.replace("state/all.json", data, stored.version)
    assert (disk.root / "state/all.json").stat().st_ino in disk.flushed
