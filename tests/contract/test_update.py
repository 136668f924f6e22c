"""``update``: compare-and-swap over both stores, whatever other writers do in between."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, Stored, StoreError
from feedarchive.store.update import MAX_ATTEMPTS, update, write_if_changed

KEY = "state/count.json"


def count(stored: Stored | None) -> bytes:
    return b"%d\n" % (int(stored.data) + 1 if stored else 1)


def test_an_object_is_created_then_replaced(store: Store) -> None:
    assert update(store, KEY, count)
    assert _data(store) == b"1\n"
    assert update(store, KEY, count)
    assert _data(store) == b"2\n"


def test_no_update_is_lost_among_concurrent_ones(store: Store) -> None:
    with ThreadPoolExecutor(4) as pool:
        written = list(pool.map(lambda _: update(store, KEY, count), range(12)))
    assert written == [True] * 12
    assert _data(store) == b"12\n"


@pytest.mark.parametrize("exists", [False, True])
def test_none_leaves_the_object_unchanged(store: Store, exists: bool) -> None:
    if exists:
        store.create(KEY, b"one\n")
    assert not update(store, KEY, lambda stored: None)
    assert _data(store) == (b"one\n" if exists else None)


class CountingStore(FolderStore):
    """Counts writes. Another writer changes the object before each of the first ``interruptions`` writes."""

    def __init__(self, inner: FolderStore, interruptions: int = 0, interrupt: Callable[[], object] = lambda: None):
        super().__init__(inner._root)
        self.writes, self._left, self._interrupt = 0, interruptions, interrupt

    def _before_write(self) -> None:
        self.writes += 1
        if self._left:
            self._left -= 1
            self._interrupt()

    def create(self, key: str, data: bytes) -> bool:
        self._before_write()
        return super().create(key, data)

    def replace(self, key: str, data: bytes, version: str) -> bool:
        self._before_write()
        return super().replace(key, data, version)


def test_the_same_bytes_are_not_written_again(folder_store: FolderStore) -> None:
    folder_store.create(KEY, b"one\n")
    counting = CountingStore(folder_store)
    assert not update(counting, KEY, lambda stored: b"one\n")
    assert counting.writes == 0


def test_make_sees_what_another_writer_wrote_in_between(folder_store: FolderStore) -> None:
    interrupted = CountingStore(folder_store, 3, lambda: update(folder_store, KEY, count))
    assert update(interrupted, KEY, count)
    assert (_data(folder_store), interrupted.writes) == (b"4\n", 4)


def test_an_object_that_was_read_before_is_not_read_again(folder_store: FolderStore) -> None:
    folder_store.create(KEY, b"7\n")
    stored, reads = folder_store.read(KEY), CountingReads(folder_store)
    assert update(reads, KEY, count, already_read=stored)
    assert (_data(folder_store), reads.count) == (b"8\n", 0)
    assert update(reads, KEY, count, already_read=stored)  # ``stored`` is out of date now, so update reads again
    assert (_data(folder_store), reads.count) == (b"9\n", 1)
    assert update(reads, "state/other.json", count, already_read=None)
    assert reads.count == 1


class CountingReads(FolderStore):
    """Counts the reads that ``update`` makes. The reads that ``replace`` makes are not counted."""

    def __init__(self, inner: FolderStore) -> None:
        super().__init__(inner._root)
        self.count, self._replacing = 0, False

    def read(self, key: str) -> Stored | None:
        self.count += not self._replacing
        return super().read(key)

    def replace(self, key: str, data: bytes, version: str) -> bool:
        self._replacing = True
        try:
            return super().replace(key, data, version)
        finally:
            self._replacing = False


def test_write_if_changed(folder_store: FolderStore) -> None:
    counting = CountingStore(folder_store)
    assert [write_if_changed(counting, KEY, data) for data in (b"1\n", b"1\n", b"2\n")] == [True, False, True]
    assert (_data(folder_store), counting.writes) == (b"2\n", 2)


def test_an_object_that_is_deleted_in_between_is_created(folder_store: FolderStore) -> None:
    folder_store.create(KEY, b"7\n")
    interrupted = CountingStore(folder_store, 1, lambda: folder_store.delete(KEY))
    assert update(interrupted, KEY, count)
    assert _data(folder_store) == b"1\n"


def test_it_gives_up_after_many_attempts_and_says_why(folder_store: FolderStore) -> None:
    interrupted = CountingStore(folder_store, MAX_ATTEMPTS + 1, lambda: update(folder_store, KEY, count))
    with pytest.raises(StoreError, match=f"{KEY}: {MAX_ATTEMPTS} attempts failed because of other writers; run again"):
        update(interrupted, KEY, count)
    assert _data(folder_store) == b"%d\n" % MAX_ATTEMPTS


def test_the_last_attempt_counts(folder_store: FolderStore) -> None:
    interrupted = CountingStore(folder_store, MAX_ATTEMPTS - 1, lambda: update(folder_store, KEY, count))
    assert update(interrupted, KEY, count)
    assert _data(folder_store) == b"%d\n" % MAX_ATTEMPTS


def _data(store: Store) -> bytes | None:
    stored = store.read(KEY)
    return stored.data if stored else None
