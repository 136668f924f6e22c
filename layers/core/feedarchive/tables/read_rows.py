"""Read the rows of a day from its article files, a few files at a time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date

from feedarchive.article.file_names import CompanionKind
from feedarchive.concurrency import in_parallel
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.pages.companion_files import CompanionFile
from feedarchive.store.interface import Store, Stored
from feedarchive.tables.companions_of_versions import CompanionsOfVersions
from feedarchive.tables.rows import Row, row_of


def read_rows(
    store: Store,
    day: date,
    keys: Sequence[str],
    companions: CompanionsOfVersions,
    known: Mapping[str, DigestEntry] | None = None,
) -> Iterator[Row]:
    """The rows of these article files, in this order. Files that are gone or truncated are left out.

    ``known`` has the entries of the day's digest, by key. Files that are unchanged since the digest are then read
    faster.
    """
    known = known or {}

    def read(key: str) -> tuple[Stored | None, Mapping[CompanionKind, CompanionFile]]:
        return store.read(key), companions.of(key)

    for key, (stored, found) in zip(keys, in_parallel(read, keys, store.threads), strict=True):
        row = row_of(key, stored.data, day, known.get(key), found) if stored else None
        if row is not None:
            yield row
