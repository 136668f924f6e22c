"""What only a folder store guarantees, with several processes, full disks, permissions and symbolic links."""

from __future__ import annotations

import errno
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from filelock import FileLock

from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Presence, StoreError
from tests.contract.folder_processes import create_and_count, create_without_links
from tests.contract.test_store import KEY, data_of
from tests.harness.processes import imported_once


def test_folder_leaves_no_temporary_files(folder_store: FolderStore, tmp_path: Path) -> None:
    folder_store.create(KEY, b"one\n")
    folder_store.create(KEY, b"two\n")
    folder_store.replace(KEY, b"three\n", "wrong version")
    files = {p.relative_to(tmp_path / "archive").as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert files - {".tmp/lock", ".tmp/lock-holder"} == {KEY}


@pytest.mark.parametrize("data", [b"", b"---\ntitle: half"])
def test_folder_detects_a_truncated_file(folder_store: FolderStore, tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "archive" / KEY
    path.parent.mkdir(parents=True)
    path.write_bytes(data)
    assert folder_store.presence(KEY) is Presence.TRUNCATED
    stored = folder_store.read(KEY)
    assert stored is not None
    assert not stored.is_complete
    assert not folder_store.create(KEY, b"complete\n")
    assert folder_store.replace(KEY, b"complete\n", stored.version)
    assert data_of(folder_store, KEY) == b"complete\n"


def test_folder_is_safe_against_other_processes(tmp_path: Path) -> None:
    context = imported_once()
    with context.Pool(4) as pool:
        won = pool.starmap(create_and_count, [(str(tmp_path), n) for n in range(4)])
    assert sum(created for created, _ in won) == 50
    assert data_of(FolderStore(tmp_path), "state/count.json") == b"100\n"


def test_folder_reports_a_failed_write_in_one_line(tmp_path: Path) -> None:
    (tmp_path / "archive").write_text("a file where the folder should be")
    with pytest.raises(StoreError) as error:
        FolderStore(tmp_path / "archive").create(KEY, b"x\n")
    reason = f"{tmp_path / 'archive'} is a file, but a folder is needed; move it away"
    assert str(error.value) == f"cannot write {tmp_path / 'archive' / KEY}: {reason}"


@pytest.mark.skipif(os.name != "posix", reason="permissions of Unix")
@pytest.mark.parametrize("mode", [0o600, 0o664])
def test_folder_keeps_the_permissions_of_a_file_that_it_replaces(folder_store: FolderStore, mode: int) -> None:
    """feeds.toml may have secrets, and a person may have hidden it from other users."""
    folder_store.create("feeds.toml", b"one\n")
    path = Path(folder_store.location) / "feeds.toml"
    path.chmod(mode)
    stored = folder_store.read("feeds.toml")
    assert stored is not None
    assert folder_store.replace("feeds.toml", b"two\n", stored.version)
    assert (path.read_bytes(), path.stat().st_mode & 0o777) == (b"two\n", mode)


@pytest.mark.parametrize("link", ["", KEY.partition("/")[0], KEY])
@pytest.mark.parametrize("has_links", [True, False])
def test_folder_names_a_symbolic_link_to_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, link: str, has_links: bool
) -> None:
    def fail(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    if not has_links:
        monkeypatch.setattr("os.link", fail)
    path = tmp_path / "archive" / link
    path.parent.mkdir(parents=True, exist_ok=True)
    path.symlink_to(tmp_path / "nothing")
    with pytest.raises(StoreError) as error:
        FolderStore(tmp_path / "archive").create(KEY, b"x\n")
    assert str(error.value).partition(": ")[2] == (
        f"{path} is a symbolic link to {tmp_path / 'nothing'}, "
        "which does not exist; create that file or remove the link"
    )


@pytest.mark.parametrize(
    ("number", "message"),
    [
        (errno.ENOSPC, "the disk is full; free some space and run again"),
        (errno.EACCES, "permission denied; make the folder writable for this user"),
        (errno.EIO, "Input/output error"),
        (errno.EXDEV, "the archive is spread over several disks; keep all of it on one disk"),
    ],
)
def test_folder_explains_errors(
    folder_store: FolderStore, monkeypatch: pytest.MonkeyPatch, number: int, message: str
) -> None:
    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    folder_store.create(KEY, b"one\n")
    monkeypatch.setattr("os.link", fail)
    monkeypatch.setattr("os.rename", fail)
    with pytest.raises(StoreError) as error:
        folder_store.create(f"{KEY}x", b"x\n")
    assert str(error.value) == f"cannot write {folder_store.location}/{KEY}x: {message}"
    monkeypatch.undo()
    assert {path.name for path in (Path(folder_store.location) / ".tmp").iterdir()} <= {"lock", "lock-holder"}


def test_folder_removes_the_temporary_files_of_killed_processes(tmp_path: Path) -> None:
    temporary = tmp_path / ".tmp"
    temporary.mkdir()
    (temporary / "old").write_bytes(b"half")
    (temporary / "new").write_bytes(b"another process is writing this")
    os.utime(temporary / "old", (0, 0))
    FolderStore(tmp_path).create(KEY, b"one\n")
    assert not (temporary / "old").exists()
    assert (temporary / "new").exists()


@pytest.mark.parametrize("number", [errno.EPERM, errno.EACCES, errno.EOPNOTSUPP, errno.ENOSYS])
def test_folder_without_hard_links_creates_each_object_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, number: int
) -> None:
    """exFAT, some network drives and Android have no hard links."""

    def fail(*_: object) -> None:
        raise OSError(number, os.strerror(number))

    monkeypatch.setattr("os.link", fail)
    stores = [FolderStore(tmp_path / "archive") for _ in range(4)]
    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(lambda n: stores[n % 4].create(KEY, b"%d\n" % n), range(32)))
    assert sum(won) == 1
    assert data_of(stores[0], KEY) == b"%d\n" % won.index(True)
    stored = stores[0].read(KEY)
    assert stored is not None
    assert stores[0].replace(KEY, b"another\n", stored.version)
    files = {p.relative_to(tmp_path / "archive").as_posix() for p in tmp_path.rglob("*") if p.is_file()}
    assert files - {".tmp/lock", ".tmp/lock-holder"} == {KEY}


def test_folder_without_hard_links_is_safe_against_other_processes(tmp_path: Path) -> None:
    context = imported_once()
    with context.Pool(4) as pool:
        won = pool.starmap(create_without_links, [(str(tmp_path), n) for n in range(4)])
    assert sum(won) == 50


def test_folder_says_which_process_holds_its_lock(folder_store: FolderStore, monkeypatch: pytest.MonkeyPatch) -> None:
    folder_store.create("state/all.json", b"one\n")
    stored = folder_store.read("state/all.json")
    assert stored is not None
    assert folder_store.replace("state/all.json", b"two\n", stored.version)
    monkeypatch.setattr("feedarchive.store.folder_lock._TIMEOUT_SECONDS", 0.0)
    lock = Path(folder_store.location) / ".tmp" / "lock"
    with FileLock(lock), pytest.raises(StoreError) as error:
        folder_store.replace("state/all.json", b"three\n", stored.version)
    holder = f"process {os.getpid()} on {socket.gethostname()}"
    assert str(error.value) == (
        f"cannot replace {folder_store.location}/state/all.json: {holder} has held {lock} for a minute; "
        "end that process and run again"
    )
