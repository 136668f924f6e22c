"""The table of full texts in the index. It says to which version of which article each full text belongs."""

from __future__ import annotations

import sqlite3
from datetime import date
from pathlib import Path
from typing import NamedTuple

from feedarchive.article.file_names import version_of
from feedarchive.article.yaml_format import body_of
from feedarchive.digest.companion import parse_companion_file
from feedarchive.store.interface import StoreError


class IndexedFullText(NamedTuple):
    """A full text in the index.

    - ``id``: the id of the article.
    - ``revision``: the number of the article's version, 1 for the first.
    """

    id: str
    revision: int


def add_full_text(index: sqlite3.Connection, archive: Path, key: str, day: date) -> IndexedFullText | None:
    """Add a full text to the table. Returns None if the file is truncated or was not written by this program."""
    companion = parse_companion_file(key, _read(archive, key))
    if companion is None:
        return None
    full = IndexedFullText(companion.id, version_of(companion.of))
    index.execute(
        "INSERT OR REPLACE INTO full_text(key, day, id, revision, number) VALUES(?, ?, ?, ?, ?)",
        (key, day.isoformat(), full.id, full.revision, companion.number),
    )
    return full


def remove_full_text(index: sqlite3.Connection, key: str) -> IndexedFullText | None:
    """Remove a full text from the table. Returns what was removed; None if the table does not contain ``key``."""
    found = index.execute("SELECT id, revision FROM full_text WHERE key = ?", (key,)).fetchone()
    index.execute("DELETE FROM full_text WHERE key = ?", (key,))
    return IndexedFullText(*found) if found else None


def full_text_of(index: sqlite3.Connection, archive: Path, article_id: str, revision: int) -> str:
    """Return the newest full text that belongs to version ``revision`` of an article or to an earlier version.

    Returns "" if there is none.
    """
    found = index.execute(
        "SELECT key FROM full_text WHERE id = ? AND revision <= ? ORDER BY number DESC, key LIMIT 1",
        (article_id, revision),
    ).fetchone()
    return body_of(_read(archive, found[0]).decode("utf-8", "replace")) if found else ""


def _read(archive: Path, key: str) -> bytes:
    try:
        return (archive / key).read_bytes()
    except FileNotFoundError:  # the file has been removed meanwhile
        return b""
    except OSError as error:
        raise StoreError(f"cannot read {archive / key}: {error.strerror or error}") from None
