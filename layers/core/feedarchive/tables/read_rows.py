"""Read the article files of a day, a few at a time, and make a row of each file."""

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
    """Make the rows of article files. Yields them in the order of ``keys``; missing and truncated files have no row.

    - ``keys``: the keys of the article files, all archived on ``day``.
    - ``known``: the entries of the day's digest, by key. If a file has not changed since the digest was written, its
      words are not counted again.
    """
    known = known or {}

    def read(key: str) -> tuple[Stored | None, Mapping[CompanionKind, CompanionFile]]:
        return store.read(key), companions.of(key)

    for key, (stored, found) in zip(keys, in_parallel(read, keys, store.threads), strict=True):
        row = row_of(key, stored.data, day, known.get(key), found) if stored else None
        if row is not None:
            yield row
