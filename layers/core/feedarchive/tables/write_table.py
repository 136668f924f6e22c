"""Write the table of a day: ``tables/articles/day=2025-12-25/articles.jsonl.gz``."""

from __future__ import annotations

from datetime import date

from feedarchive.article.file_names import version_of
from feedarchive.digest.digest import day_folder
from feedarchive.store.interface import Presence, Store, StoreError
from feedarchive.store.update import MAX_ATTEMPTS, Written, write_over
from feedarchive.tables.read_rows import read_rows
from feedarchive.tables.rows import gzip_lines, json_line

TABLES = "tables/articles/"


def table_key(day: date) -> str:
    """The key of a day's table. Its folder names the day as Hive does, so a query reads only the days it asks for."""
    return f"{TABLES}day={day.isoformat()}/articles.jsonl.gz"


def has_table(store: Store, day: date) -> bool:
    """Check whether a day has a table."""
    # A compressed file does not end with a newline, so it counts as truncated.
    return store.presence(table_key(day)) in (Presence.COMPLETE, Presence.TRUNCATED)


def write_table(store: Store, day: date) -> bool:
    """Write the table of a day from the files in its folder, one line for each, sorted by key. True if it changed.

    The table depends on these files only. It replaces only what was there before the folder was listed, so a slow
    writer never replaces the table of a newer one. A day of which nothing is left has an empty table.
    Raises StoreError after MAX_ATTEMPTS attempts.
    """
    folder, key, changed = day_folder(day), table_key(day), False
    for _ in range(MAX_ATTEMPTS):
        before = store.read(key)
        keys = [each for each in store.list(folder) if version_of(each)]
        written = write_over(store, key, gzip_lines(map(json_line, read_rows(store, day, keys))), before)
        changed |= written is Written.CHANGED
        # ``forget`` may have deleted an article and written the table without it before this one was written.
        if written is not Written.CONFLICT and not (changed and set(keys) - set(store.list(folder))):
            return changed
    raise StoreError(f"cannot write {store.location}/{key}: {MAX_ATTEMPTS} attempts failed; run again")
