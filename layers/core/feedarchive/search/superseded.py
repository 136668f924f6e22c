"""Mark superseded versions in the search index. A version is superseded if its article has a newer version."""

from __future__ import annotations

import sqlite3


def has_other_versions(index: sqlite3.Connection, article_id: str, key: str) -> bool:
    """Check whether the index has a version of this article with another key."""
    found = index.execute("SELECT 1 FROM article WHERE id = ? AND key != ?", (article_id, key))
    return found.fetchone() is not None


def mark_last_version(index: sqlite3.Connection, article_id: str) -> None:
    """Mark the earlier versions of an article as superseded, so that only the last version is found by default."""
    # Change one row per statement. If a statement may change several rows, SQLite first writes the words of all new
    # articles to the disk, which is slow.
    versions = index.execute("SELECT number, revision FROM article WHERE id = ?", (article_id,)).fetchall()
    last = max((revision for _, revision in versions), default=0)
    for number, revision in versions:
        if revision < last:
            index.execute("INSERT OR IGNORE INTO superseded VALUES(?)", (number,))
        else:
            index.execute("DELETE FROM superseded WHERE number = ?", (number,))
