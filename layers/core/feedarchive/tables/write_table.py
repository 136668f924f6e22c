"""Write the table of a day: ``tables/articles/day=2025-12-25/articles.jsonl.gz``."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from feedarchive.article.file_names import is_archived_file, version_of
from feedarchive.digest.digest import day_folder
from feedarchive.hashes import sha256_of
from feedarchive.store.interface import Presence, Store, Stored, StoreError
from feedarchive.store.update import MAX_ATTEMPTS, Written
from feedarchive.tables.companions_of_versions import companions_of_versions
from feedarchive.tables.read_rows import read_rows
from feedarchive.tables.rows import gzip_lines, json_line

TABLES = "tables/articles/"


def table_key(day: date) -> str:
    """The key of a day's table. The folder ``day=…`` is a Hive partition, so a query reads only the days it needs."""
    return f"{TABLES}day={day.isoformat()}/articles.jsonl.gz"


def has_table(store: Store, day: date) -> bool:
    """Check whether a day has a table."""
    # A complete table often counts as truncated, because compressed data rarely ends with a newline.
    return store.presence(table_key(day)) in (Presence.COMPLETE, Presence.TRUNCATED)


def write_table(store: Store, day: date) -> bool:
    """Write the table of a day: one line for each version that was archived on this day, sorted by key.

    Returns True if the table in the store changed.

    - The table depends only on the files in the day's folder. A full text that was archived on a later day is not in
      the table.
    - If another process writes the table at the same time, the folder is read again and the table is made again. So an
      outdated table never replaces a newer one.
    - If the day has no article files, its table is empty.
    - The whole compressed table is held in memory: 100 MB for 100,000 articles.

    Raises StoreError if the table could not be written in MAX_ATTEMPTS attempts.
    """
    folder, key, changed = day_folder(day), table_key(day), False
    for _ in range(MAX_ATTEMPTS):
        before = _identity(store.read(key))
        listed = [each for each in store.list(folder) if is_archived_file(each)]
        keys = [each for each in listed if version_of(each)]
        rows = read_rows(store, day, keys, companions_of_versions(store, listed))
        written = _write(store, key, gzip_lines(map(json_line, rows)), before)
        changed |= written is Written.CHANGED
        if written is Written.CONFLICT:
            continue
        # If ``forget`` deleted a file in the meantime, the table may contain its article. Then make the table again.
        has_lost_files = changed and not set(listed) <= set(store.list(folder))
        if not has_lost_files:
            return changed
    raise StoreError(f"cannot write {store.location}/{key}: {MAX_ATTEMPTS} attempts failed; run again")


@dataclass(frozen=True)
class _Identity:
    """Identifies the content of a table.

    - ``sha256``: the SHA-256 of the table.
    - ``version``: the version of the file in the store (see ``Stored``).
    """

    sha256: str
    version: str


def _identity(stored: Stored | None) -> _Identity | None:
    return _Identity(sha256_of(stored.data), stored.version) if stored else None


def _write(store: Store, key: str, data: bytes, before: _Identity | None) -> Written:
    """Write a table if the table in the store is still ``before``. Otherwise return Written.CONFLICT.

    ``before``: the table that was in the store; None if there was none.
    """
    if before is None:
        return Written.CHANGED if store.create(key, data) else Written.CONFLICT
    if before.sha256 == sha256_of(data):
        return Written.UNCHANGED
    return Written.CHANGED if store.replace(key, data, before.version) else Written.CONFLICT
