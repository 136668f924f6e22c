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
    """The key of a day's table. Its folder is a Hive partition (``day=…``), so a query reads only the days it needs."""
    return f"{TABLES}day={day.isoformat()}/articles.jsonl.gz"


def has_table(store: Store, day: date) -> bool:
    """Check whether a day has a table."""
    # A complete table counts as truncated, because a compressed file does not end with a newline.
    return store.presence(table_key(day)) in (Presence.COMPLETE, Presence.TRUNCATED)


def write_table(store: Store, day: date) -> bool:
    """Write the table of a day: one line for each version in the day's folder, sorted by key.

    Returns True if the table changed. Raises StoreError after MAX_ATTEMPTS attempts.

    - The table depends on the files in this folder only. A full text that was archived on a later day is not in it.
    - If another writer wrote the table after the folder was listed here, the table is made again. So a slow writer
      never replaces a newer table.
    - If no file of a day is left, its table is empty.
    - The whole compressed table is in memory: 100 MB for 100,000 articles.
    """
    folder, key, changed = day_folder(day), table_key(day), False
    for _ in range(MAX_ATTEMPTS):
        before = _identity(store.read(key))
        listed = [each for each in store.list(folder) if is_archived_file(each)]
        keys = [each for each in listed if version_of(each)]
        rows = read_rows(store, day, keys, companions_of_versions(store, listed))
        written = _write(store, key, gzip_lines(map(json_line, rows)), before)
        changed |= written is Written.CHANGED
        # If a listed file is gone, write the table again: ``forget`` may have deleted an article, and written the table
        # without it, before this table was written.
        if written is not Written.CONFLICT and not (changed and set(listed) - set(store.list(folder))):
            return changed
    raise StoreError(f"cannot write {store.location}/{key}: {MAX_ATTEMPTS} attempts failed; run again")


@dataclass(frozen=True)
class _Identity:
    """The SHA-256 of a table, and the version of its object in the store."""

    sha256: str
    version: str


def _identity(stored: Stored | None) -> _Identity | None:
    return _Identity(sha256_of(stored.data), stored.version) if stored else None


def _write(store: Store, key: str, data: bytes, before: _Identity | None) -> Written:
    """Write a table if the one in the store is still ``before``; None means that there was none."""
    if before is None:
        return Written.CHANGED if store.create(key, data) else Written.CONFLICT
    if before.sha256 == sha256_of(data):
        return Written.UNCHANGED
    return Written.CHANGED if store.replace(key, data, before.version) else Written.CONFLICT
