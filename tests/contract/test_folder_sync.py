"""``sync`` of a folder: when it returns, everything that was created, replaced or deleted would survive a power cut."""

from __future__ import annotations

import errno
import os
import sys
from pathlib import Path

import pytest

from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import StoreError

KEY = "claims/3f/3f01"
FOLDERS = {"claims/3f", "claims", "."}


class RecordingFsync:
    """Stands in for os.fsync: records the paths below a folder that were synced, and fails while ``failing`` is set."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._synced: list[tuple[int, int]] = []
        self.failing = False

    def __call__(self, descriptor: int) -> None:
        if self.failing:
            raise OSError(errno.EIO, os.strerror(errno.EIO))
        found = os.fstat(descriptor)
        self._synced.append((found.st_dev, found.st_ino))

    def take(self) -> set[str]:
        """The paths synced since the last call, relative to the folder."""
        paths = {(s.st_dev, s.st_ino): path for path in [self._root, *self._root.rglob("*")] if (s := path.stat())}
        names = [paths[each].relative_to(self._root).as_posix() for each in self._synced]
        self._synced.clear()
        assert len(set(names)) == len(names)
        return set(names)


@pytest.fixture
def fsync(folder_store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> RecordingFsync:
    """A system that cannot sync a whole file system in one call."""
    recording = RecordingFsync(Path(folder_store.location))
    monkeypatch.setattr("sys.platform", "darwin")
    monkeypatch.setattr("os.fsync", recording)
    return recording


def test_a_created_file_and_the_folders_above_it_are_synced(folder_store: FolderStore, fsync: RecordingFsync) -> None:
    folder_store.create(KEY, b"one\n")
    folder_store.create("archive.json", b"{}\n")
    folder_store.sync()
    assert fsync.take() == {KEY, "archive.json", *FOLDERS}


def test_a_replaced_file_is_synced(folder_store: FolderStore, fsync: RecordingFsync) -> None:
    folder_store.create(KEY, b"one\n")
    folder_store.sync()
    fsync.take()
    stored = folder_store.read(KEY)
    assert stored is not None
    assert folder_store.replace(KEY, b"two\n", stored.version)
    folder_store.sync()
    assert fsync.take() == {KEY, *FOLDERS}


def test_the_folder_of_a_deleted_file_is_synced(folder_store: FolderStore, fsync: RecordingFsync) -> None:
    for key in (KEY, "claims/3f/3f02"):
        folder_store.create(key, b"one\n")
    folder_store.sync()
    fsync.take()
    folder_store.delete(KEY)
    folder_store.sync()
    assert fsync.take() == FOLDERS


def test_nothing_is_synced_twice_or_without_a_change(folder_store: FolderStore, fsync: RecordingFsync) -> None:
    folder_store.sync()
    folder_store.create(KEY, b"one\n")
    folder_store.sync()
    fsync.take()
    folder_store.sync()
    assert fsync.take() == set()


def test_after_a_failed_sync_every_later_one_fails(folder_store: FolderStore, fsync: RecordingFsync) -> None:
    """The system reports a write error only once. A second sync would succeed although data is lost."""
    folder_store.create(KEY, b"one\n")
    fsync.failing = True
    with pytest.raises(StoreError, match="cannot sync"):
        folder_store.sync()
    fsync.failing = False
    with pytest.raises(StoreError, match="cannot sync"):
        folder_store.sync()


@pytest.mark.skipif(not sys.platform.startswith("linux"), reason="only Linux syncs a whole file system in one call")
@pytest.mark.parametrize(("status", "one_by_one"), [(0, set()), (-1, {KEY, *FOLDERS})], ids=["works", "fails"])
def test_on_linux_one_call_syncs_the_file_system(
    folder_store: FolderStore, monkeypatch: pytest.MonkeyPatch, status: int, one_by_one: set[str]
) -> None:
    root = Path(folder_store.location)
    called: list[tuple[int, int]] = []

    class Library:
        def __init__(self, *_: object, **__: object) -> None:
            pass

        def syncfs(self, descriptor: int) -> int:
            called.append((os.fstat(descriptor).st_dev, os.fstat(descriptor).st_ino))
            return status

    fsync = RecordingFsync(root)
    monkeypatch.setattr("ctypes.CDLL", Library)
    monkeypatch.setattr("os.fsync", fsync)
    folder_store.create(KEY, b"one\n")
    folder_store.sync()
    assert called == [(root.stat().st_dev, root.stat().st_ino)]
    assert fsync.take() == one_by_one
