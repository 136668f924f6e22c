"""The contract of a store, which the folder and S3 both have to keep."""

from __future__ import annotations

import errno
import os
import socket
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import boto3
import pytest
from filelock import FileLock

from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Presence, Store, StoreError
from feedarchive.store.location import InvalidLocation, open_store
from feedarchive.store.s3 import S3Store
from tests.contract.folder_processes import create_and_count, create_without_links
from tests.harness.processes import imported_once

KEY = "archive/2025/12/25/example.org/a-title-0123456789ab.md"


def test_a_created_object_is_read_back(store: Store) -> None:
    assert store.create(KEY, b"one\n")
    stored = store.read(KEY)
    assert stored is not None
    assert stored.data == b"one\n"
    assert store.presence(KEY) is Presence.COMPLETE


def test_a_missing_object_is_absent(store: Store) -> None:
    assert store.read(KEY) is None
    assert store.presence(KEY) is Presence.ABSENT


def test_hashes_are_the_md5_of_each_object_with_the_prefix(store: Store) -> None:
    store.create("pages/2025/12/25/index.html", b"one\n")
    store.create("pages/2025/12/25/example.org.html", b"two\n")
    store.create("pages/2025/12/26/index.html", b"three\n")
    assert store.hashes("pages/2025/12/25/") == {
        "pages/2025/12/25/index.html": "5bbf5a52328e7439ae6e719dfe712200",
        "pages/2025/12/25/example.org.html": "c193497a1a06b2c72230e6146ff47080",
    }
    assert store.hashes("pages/2024/") == {}


def test_create_never_overwrites(store: Store) -> None:
    assert store.create(KEY, b"one\n")
    assert not store.create(KEY, b"two\n")
    assert _data(store, KEY) == b"one\n"


def test_one_of_many_concurrent_creates_succeeds(store: Store) -> None:
    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(lambda n: store.create(KEY, b"%d\n" % n), range(32)))
    assert sum(won) == 1
    assert _data(store, KEY) == b"%d\n" % won.index(True)


def test_replace_needs_the_version_that_was_read(store: Store) -> None:
    store.create("state/all.json", b"one\n")
    first = store.read("state/all.json")
    assert first is not None
    assert store.replace("state/all.json", b"two\n", first.version)
    assert not store.replace("state/all.json", b"three\n", first.version)
    assert _data(store, "state/all.json") == b"two\n"


def test_replace_creates_nothing(store: Store) -> None:
    store.create("state/all.json", b"one\n")
    stored = store.read("state/all.json")
    assert stored is not None
    assert not store.replace("state/other.json", b"two\n", stored.version)
    assert store.read("state/other.json") is None


def test_one_of_many_concurrent_replaces_succeeds(store: Store) -> None:
    store.create("state/all.json", b"start\n")
    stored = store.read("state/all.json")
    assert stored is not None
    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(lambda n: store.replace("state/all.json", b"%d\n" % n, stored.version), range(32)))
    assert sum(won) == 1
    assert _data(store, "state/all.json") == b"%d\n" % won.index(True)


def test_list_returns_the_keys_with_a_prefix_in_order(store: Store) -> None:
    keys = ["claims/3f/3f02", "claims/3f/3f01", "claims/40/4001", "archive/index.json", "archive.json"]
    for key in keys:
        store.create(key, b"x\n")
    assert list(store.list("claims/3f/3f")) == ["claims/3f/3f01", "claims/3f/3f02"]
    assert list(store.list("archive")) == ["archive.json", "archive/index.json"]
    assert list(store.list("archive/")) == ["archive/index.json"]
    assert list(store.list("nothing/")) == []
    assert list(store.list("")) == sorted(keys)


def test_listings_have_what_is_on_all_pages_of_s3(store: Store) -> None:
    """A page of S3 has at most 1,000 keys or folders: here ten, so that the test need not write a thousand objects."""
    pages: list[str] = []

    def request_ten(params: dict[str, object], **_: object) -> None:
        params["MaxKeys"] = 10
        pages.append(str(params.get("ContinuationToken", "first")))

    if isinstance(store, S3Store):
        store._client.meta.events.register("before-parameter-build.s3.ListObjectsV2", request_ten)
    keys = [f"claims/00/{n:04}" for n in range(12)] + [f"claims/{n:02}/{n:04}" for n in range(1, 12)]
    for key in keys:
        assert store.create(key, b"x\n")
    assert list(store.list("claims/")) == keys
    assert len(set(pages)) == len(pages) == (3 if isinstance(store, S3Store) else 0)
    assert list(store.sizes("claims/").items()) == [(key, 2) for key in keys]
    assert list(store.hashes("claims/")) == keys
    assert list(store.files("claims/00/")) == keys[:12]
    assert store.folders("claims/") == [f"claims/{n:02}/" for n in range(12)]
    assert len(pages) == (3 + 3 + 3 + 2 + 2 if isinstance(store, S3Store) else 0)


def test_folders_returns_those_directly_below(store: Store) -> None:
    for key in (
        "archive/2026/01/01/a/x.md",
        "archive/2025/12/25/a/x.md",
        "archive/2025/12/24/a/x.md",
        "archive/index.json",
    ):
        store.create(key, b"x\n")
    assert store.folders("archive/") == ["archive/2025/", "archive/2026/"]
    assert store.folders("archive/2025/12/") == ["archive/2025/12/24/", "archive/2025/12/25/"]
    assert store.folders("archive/2027/") == []


def test_delete_of_a_missing_object_is_no_error(store: Store) -> None:
    store.create(KEY, b"one\n")
    store.delete(KEY)
    store.delete(KEY)
    assert store.read(KEY) is None
    assert list(store.list("")) == []


@pytest.mark.parametrize(
    "key", ["../outside", "archive/../../x", "/etc/passwd", "a//b", "", "a/./b", "a\\b", "ü", "a\nb"]
)
def test_no_key_leaves_the_archive(store: Store, key: str) -> None:
    with pytest.raises(ValueError, match="invalid key"):
        store.create(key, b"x\n")
    with pytest.raises(ValueError, match="invalid key"):
        store.read(key)


def test_bytes_are_stored_unchanged(store: Store) -> None:
    data = bytes(range(256)) * 50 + "žluťoučký 🐎\r\n".encode()
    store.create(KEY, data)
    assert _data(store, KEY) == data


# --- the folder


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
    assert _data(folder_store, KEY) == b"complete\n"


def test_folder_is_safe_against_other_processes(tmp_path: Path) -> None:
    context = imported_once()
    with context.Pool(4) as pool:
        won = pool.starmap(create_and_count, [(str(tmp_path), n) for n in range(4)])
    assert sum(created for created, _ in won) == 50
    assert _data(FolderStore(tmp_path), "state/count.json") == b"100\n"


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
        (errno.EXDEV, "it is on another disk than the rest of the archive; keep both on one disk"),
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
    assert _data(stores[0], KEY) == b"%d\n" % won.index(True)
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


# --- S3


def test_s3_uses_only_its_prefix(bucket: str) -> None:
    open_store(f"s3://{bucket}/mine").create("archive.json", b"x\n")
    client = boto3.client("s3")
    assert [o["Key"] for o in client.list_objects_v2(Bucket=bucket)["Contents"]] == ["mine/archive.json"]
    assert list(open_store(f"s3://{bucket}").list("")) == ["mine/archive.json"]


def test_s3_detects_a_deleted_object(bucket: str) -> None:
    store = open_store(f"s3://{bucket}")
    store.create(KEY, b"one\n")
    boto3.client("s3").delete_object(Bucket=bucket, Key=KEY)
    assert store.presence(KEY) is Presence.DELETED


def test_s3_objects_have_a_content_type(bucket: str) -> None:
    store = open_store(f"s3://{bucket}")
    store.create(KEY, b"one\n")
    assert boto3.client("s3").head_object(Bucket=bucket, Key=KEY)["ContentType"] == "text/markdown; charset=utf-8"


def test_s3_without_its_bucket_is_a_store_error(aws: str) -> None:
    store = open_store("s3://no-such-bucket-here")
    for attempt in (lambda: store.read(KEY), lambda: store.create(KEY, b"x\n"), lambda: list(store.list(""))):
        with pytest.raises(StoreError, match="the bucket does not exist"):
            attempt()


def test_s3_that_cannot_be_reached_is_a_store_error(aws: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")
    with pytest.raises(StoreError, match=r"cannot write s3://some-bucket/archive\.json"):
        open_store("s3://some-bucket").create("archive.json", b"x\n")


# --- locations


@pytest.mark.parametrize("location", ["s3://", "s3:bucket", "s3://UPPER", "s3://b/../x", "http://example.org", ""])
def test_an_invalid_location_is_rejected(location: str) -> None:
    with pytest.raises(InvalidLocation):
        open_store(location)


def _data(store: Store, key: str) -> bytes:
    stored = store.read(key)
    assert stored is not None
    return stored.data


def test_files_are_the_keys_directly_below_a_folder(store: Store) -> None:
    for key in ("archive/index.json", "archive/a.json", "archive/2025/b.json", "archives/c.json"):
        store.create(key, b"{}\n")
    assert list(store.files("archive/")) == ["archive/a.json", "archive/index.json"]
    assert list(store.files("archive/2024/")) == []


def test_sizes_are_the_bytes_of_each_object_with_the_prefix(store: Store) -> None:
    store.create("pages/2025/12/25/index.html", b"one\n")
    store.create("pages/2025/12/25/example.org.html", b"")
    store.create("pages/2025/12/26/index.html", b"three\n")
    assert list(store.sizes("pages/2025/12/25/").items()) == [
        ("pages/2025/12/25/example.org.html", 0), ("pages/2025/12/25/index.html", 4),
    ]  # fmt: skip
    assert store.sizes("pages/2024/") == {}
