"""Read the rows of a day from its article files, a few files at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from itertools import islice

from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, Stored
from feedarchive.tables.rows import Row, row_of

_READERS = 16
_BATCH = 256  # files in memory


def read_rows(
    store: Store, day: date, keys: Sequence[str], known: Mapping[str, DigestEntry] | None = None
) -> Iterator[Row]:
    """The rows of these files, in this order. Files that are gone or truncated have none.

    ``known`` are the entries of the day's digest by key, which save time.
    """
    known = known or {}
    for key, stored in zip(keys, _read_all(store, keys), strict=True):
        row = row_of(key, stored.data, day, known.get(key)) if stored else None
        if row is not None:
            yield row


def _read_all(store: Store, keys: Sequence[str]) -> Iterator[Stored | None]:
    if isinstance(store, FolderStore):  # threads make reading small files from a disk slower
        yield from map(store.read, keys)
        return
    remaining = iter(keys)
    with ThreadPoolExecutor(_READERS) as pool:
        while batch := list(islice(remaining, _BATCH)):
            yield from pool.map(store.read, batch)
