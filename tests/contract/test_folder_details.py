"""What can go wrong inside a folder: partial writes, folders that vanish, files of killed processes, the last file."""

from __future__ import annotations

import errno
import os
import shutil
from pathlib import Path

import pytest

from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import StoreError

KEY = "archive/2025/12/25/example.org/a.md"
HOUR = 3600.0


@pytest.fixture
def root(folder_store: FolderStore) -> Path:
    return Path(folder_store.location)


def test_the_folders_of_a_day_are_removed_with_its_last_file(folder_store: FolderStore, root: Path) -> None:
    for key in (KEY, "archive/2025/12/24/example.org/b.md"):
        folder_store.create(key, b"one\n")
    folder_store.delete(KEY)
    assert folder_store.folders("archive/2025/12/") == ["archive/2025/12/24/"]
    folder_store.delete("archive/2025/12/24/example.org/b.md")
    assert folder_store.folders("") == [".tmp/"]
    assert root.is_dir()


def test_the_archive_itself_is_not_removed_with_its_last_file(folder_store: FolderStore, root: Path) -> None:
    root.mkdir()
    (root / "feeds.toml").write_text("copied here by a person\n")
    folder_store.delete("feeds.toml")
    assert list(root.iterdir()) == []


def test_a_write_that_the_system_does_in_parts_is_complete(
    folder_store: FolderStore, monkeypatch: pytest.MonkeyPatch
) -> None:
    write = os.write
    monkeypatch.setattr("os.write", lambda descriptor, data: write(descriptor, data[:5]))
    assert folder_store.create(KEY, b"written in parts\n")
    stored = folder_store.read(KEY)
    assert stored is not None
    assert stored.data == b"written in parts\n"


def test_a_full_disk_leaves_no_temporary_file(
    folder_store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: object) -> int:
        raise OSError(errno.ENOSPC, os.strerror(errno.ENOSPC))

    monkeypatch.setattr("os.write", fail)
    for _ in range(2):  # the first temporary file of a store, and a later one
        with pytest.raises(StoreError, match="the disk is full"):
            folder_store.create(KEY, b"one\n")
    assert list((root / ".tmp").iterdir()) == []
    assert folder_store.read(KEY) is None


def test_the_folder_of_temporary_files_may_be_removed(folder_store: FolderStore, root: Path) -> None:
    folder_store.create(KEY, b"one\n")
    shutil.rmtree(root / ".tmp")
    assert folder_store.create("archive/2025/12/25/example.org/b.md", b"two\n")
    shutil.rmtree(root / ".tmp")
    stored = folder_store.read(KEY)
    assert stored is not None
    assert folder_store.replace(KEY, b"three\n", stored.version)


@pytest.mark.parametrize("times", [1, 5])
def test_a_folder_that_another_process_removes_before_the_link_is_made_again(
    folder_store: FolderStore, root: Path, monkeypatch: pytest.MonkeyPatch, times: int
) -> None:
    link, left = os.link, [None] * (times + 1)

    def link_later(source: str, target: str) -> None:
        if left:
            left.pop()
            shutil.rmtree(Path(target).parent, ignore_errors=True)
        link(source, target)

    monkeypatch.setattr("os.link", link_later)
    assert folder_store.create(KEY, b"one\n")
    assert (root / KEY).read_bytes() == b"one\n"


def test_only_temporary_files_older_than_a_day_are_removed(tmp_path: Path) -> None:
    temporary = tmp_path / ".tmp"
    temporary.mkdir()
    for name, hours in (("23 hours", 23), ("25 hours", 25), ("lock", 1000)):
        (temporary / name).write_bytes(b"half")
        now = (temporary / name).stat().st_mtime
        os.utime(temporary / name, (now - hours * HOUR,) * 2)
    FolderStore(tmp_path).create(KEY, b"one\n")
    # If the lock file were removed while a process holds it, another process could create and lock a new one.
    assert {path.name for path in temporary.iterdir()} == {"23 hours", "lock"}


def test_append_to_a_file_that_another_process_deleted_writes_nothing(folder_store: FolderStore, root: Path) -> None:
    assert folder_store.append("documents/a", b"one\n", at=0, size=0)
    assert folder_store.append("documents/a", b"two\n", at=4, size=4)
    assert (root / "documents/a").read_bytes() == b"one\ntwo\n"
    (root / "documents/a").unlink()
    assert not folder_store.append("documents/a", b"three\n", at=8, size=8)
    assert not (root / "documents/a").exists()
