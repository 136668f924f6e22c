"""The contract of a store, which the folder and S3 both have to keep."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from feedarchive.store.interface import Presence, Store
from feedarchive.store.location import InvalidLocation, open_store
from feedarchive.store.s3 import S3Store

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
    assert data_of(store, KEY) == b"one\n"


def test_one_of_many_concurrent_creates_succeeds(store: Store) -> None:
    with ThreadPoolExecutor(16) as pool:
        won = list(pool.map(lambda n: store.create(KEY, b"%d\n" % n), range(32)))
    assert sum(won) == 1
    assert data_of(store, KEY) == b"%d\n" % won.index(True)


def test_replace_needs_the_version_that_was_read(store: Store) -> None:
    store.create("state/all.json", b"one\n")
    first = store.read("state/all.json")
    assert first is not None
    assert store.replace("state/all.json", b"two\n", first.version)
    assert not store.replace("state/all.json", b"three\n", first.version)
    assert data_of(store, "state/all.json") == b"two\n"


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
    assert data_of(store, "state/all.json") == b"%d\n" % won.index(True)


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
    """S3 returns a listing in pages of 1,000 keys. The test changes this to ten, so that few objects are enough."""
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
    assert data_of(store, KEY) == data


@pytest.mark.parametrize("location", ["s3://", "s3:bucket", "s3://UPPER", "s3://b/../x", "http://example.org", ""])
def test_an_invalid_location_is_rejected(location: str) -> None:
    with pytest.raises(InvalidLocation):
        open_store(location)


def data_of(store: Store, key: str) -> bytes:
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
