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
    """The key of a day's table. A query tool with Hive partitions can select days by the folder name."""
    return f"{TABLES}day={day.isoformat()}/articles.jsonl.gz"


def has_table(store: Store, day: date) -> bool:
    """Check whether a day has a table."""
    # Most complete gzip files do not end with a newline, so the store calls them TRUNCATED.
    return store.presence(table_key(day)) in (Presence.COMPLETE, Presence.TRUNCATED)


def write_table(store: Store, day: date) -> bool:
    """Write the table of a day: one line for each version that was archived on this day, sorted by key.

    Returns True if the table in the store changed.

    - The table contains only what is in the day's folder. A full text that was archived on a later day is not in it.
    - If another process changes the table at the same time, the table is made again.
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
        # If ``forget`` has deleted an article that is in the new table, make the table again.
        has_lost_files = changed and not set(listed) <= set(store.list(folder))
        if not has_lost_files:
            return changed
    raise StoreError(f"cannot write {store.location}/{key}: {MAX_ATTEMPTS} attempts failed; run again")


@dataclass(frozen=True)
class _Identity:
    """The SHA-256 of a stored table, and its ``Stored.version``."""

    sha256: str
    version: str


def _identity(stored: Stored | None) -> _Identity | None:
    return _Identity(sha256_of(stored.data), stored.version) if stored else None


def _write(store: Store, key: str, data: bytes, before: _Identity | None) -> Written:
    """Create a table if ``before`` is None; otherwise replace ``before``."""
    if before is None:
        return Written.CHANGED if store.create(key, data) else Written.CONFLICT
    if before.sha256 == sha256_of(data):
        return Written.UNCHANGED
    return Written.CHANGED if store.replace(key, data, before.version) else Written.CONFLICT
