"""The file of the search index: create it, check whether it can be used, and replace it if it cannot.

The index is only a cache: it may be deleted at any time. It is built again if it is damaged, or if another version of
this program made it in another format.
"""

from __future__ import annotations

import json
import sqlite3
import unicodedata
from collections.abc import Iterator
from contextlib import closing, contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

from feedarchive.store.interface import StoreError

INDEX_FILE = "state/search.sqlite"
"""The path of the index in the archive.

Two files are beside it: ``search.sqlite.json`` has the size and the time of the index, ``search.sqlite.lock`` is a lock
file.
"""

_VERSION = 3
# If the version of the format or of Unicode changes, the index is built again. How texts are folded depends on the
# version of Unicode.
_MADE_BY = f"{_VERSION} {unicodedata.unidata_version}"
_LOCK_TIMEOUT_SECONDS = 3600.0  # another process may be indexing a large archive
_READ_TIMEOUT_SECONDS = 60.0  # the update of one day locks the index for a much shorter time
# With these errors, building the index again would not help: no permission, locked, no memory, read-only, I/O error,
# disk full, cannot open.
_OTHER_ERRORS = frozenset(
    {
        sqlite3.SQLITE_PERM, sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED, sqlite3.SQLITE_NOMEM,
        sqlite3.SQLITE_READONLY, sqlite3.SQLITE_IOERR, sqlite3.SQLITE_FULL, sqlite3.SQLITE_CANTOPEN,
    }
)  # fmt: skip
INDEXED_PREFIX_LETTERS = 2
"""The index contains the prefix of this length of every word. A search for such a prefix is fast."""
TOKENIZER = "unicode61 remove_diacritics 0 categories 'L* N* Co M*'"
# The table ``words`` contains the positions of all words, for phrases and ranking. The table ``terms`` says only which
# articles contain a word or a prefix of two letters. It has no positions, which keeps it small.
_SCHEMA = f"""
CREATE TABLE day(day TEXT PRIMARY KEY, stamp TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE article(
    number INTEGER PRIMARY KEY, key TEXT NOT NULL, day TEXT NOT NULL, id TEXT NOT NULL,
    revision INTEGER NOT NULL, date TEXT NOT NULL, site TEXT NOT NULL, source TEXT NOT NULL, feed TEXT NOT NULL,
    title TEXT NOT NULL, author TEXT NOT NULL, tags TEXT NOT NULL);
CREATE INDEX article_day ON article(day);
CREATE INDEX article_date ON article(date);
CREATE INDEX article_site ON article(site);
CREATE INDEX article_source ON article(source);
CREATE INDEX article_feed ON article(feed);
CREATE INDEX article_id ON article(id, revision);
CREATE TABLE body(number INTEGER PRIMARY KEY, compressed BLOB NOT NULL);
CREATE TABLE full_text(
    key TEXT PRIMARY KEY, day TEXT NOT NULL, id TEXT NOT NULL, revision INTEGER NOT NULL, number INTEGER NOT NULL
    ) WITHOUT ROWID;
CREATE INDEX full_text_day ON full_text(day);
CREATE INDEX full_text_id ON full_text(id);
CREATE TABLE superseded(number INTEGER PRIMARY KEY);
CREATE TABLE tag(folded TEXT NOT NULL, number INTEGER NOT NULL, PRIMARY KEY(folded, number)) WITHOUT ROWID;
CREATE INDEX tag_number ON tag(number);
CREATE VIRTUAL TABLE words USING fts5(
    title, names, body, content='', tokenize="{TOKENIZER}");
CREATE VIRTUAL TABLE terms USING fts5(
    words, content='', detail=none, columnsize=0, prefix='{INDEXED_PREFIX_LETTERS}', tokenize="{TOKENIZER}");
INSERT INTO words(words, rank) VALUES('hashsize', 33554432);
INSERT INTO terms(terms, rank) VALUES('hashsize', 33554432);
"""


class DamagedIndex(Exception):
    """The index is missing or damaged, and has to be built again."""


def index_path(archive: Path) -> Path:
    return archive / INDEX_FILE


@contextmanager
def index_to_update(archive: Path) -> Iterator[sqlite3.Connection]:
    """Open the index for writing. Waits while another process is updating the index.

    Creates an empty index if there is none, or if the file is not as the last update left it.

    Raises DamagedIndex if SQLite finds damage within the ``with`` block, StoreError if the folder cannot be written.
    """
    path = index_path(archive)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with FileLock(_beside(path, ".lock"), timeout=_LOCK_TIMEOUT_SECONDS):
            if not _is_unchanged(path):
                remove_index(archive)
            try:
                with _connected(path, "rwc") as connection:
                    _create(connection)
                    yield connection
            finally:
                # Even after an error or Ctrl-C, so that the next update does not build the index again.
                _remember(path)
    except Timeout:
        raise StoreError(f"cannot write {path}: another process is updating it; run again") from None
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}; make the folder writable") from None


@contextmanager
def index_to_read(archive: Path) -> Iterator[sqlite3.Connection]:
    """Open the index for reading, without updating it.

    Raises DamagedIndex if the index is missing or damaged, and StoreError if it cannot be read for another reason.
    """
    with _connected(index_path(archive), "ro") as connection:
        yield connection


def index_stamp(archive: Path) -> str:
    """A text that changes whenever the index changes. Raises DamagedIndex if there is no index."""
    try:
        return json.dumps(_description(index_path(archive)))
    except OSError as error:
        raise DamagedIndex(str(error)) from error


def remove_index(archive: Path) -> None:
    """Delete the index. The lock file is kept, because another process may hold the lock."""
    path = index_path(archive)
    for each in (_beside(path, ".json"), _beside(path, "-journal"), path):
        each.unlink(missing_ok=True)


@contextmanager
def _connected(path: Path, mode: str) -> Iterator[sqlite3.Connection]:
    try:
        uri = f"{path.absolute().as_uri()}?mode={mode}"
        with closing(
            sqlite3.connect(uri, uri=True, timeout=_READ_TIMEOUT_SECONDS, check_same_thread=False)
        ) as connection:
            # secure_delete: SQLite overwrites deleted data, so that nothing remains of a forgotten article.
            connection.executescript(
                "PRAGMA cache_size = -65536; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON"
            )
            yield connection
    except sqlite3.DatabaseError as error:
        code = getattr(error, "sqlite_errorcode", sqlite3.SQLITE_CORRUPT) & 0xFF
        if code in _OTHER_ERRORS and path.exists():
            advice = "free some space or delete this file, and run again"
            raise StoreError(f"cannot use {path}: {error}; {advice}") from None
        raise DamagedIndex(str(error)) from error


def _create(connection: sqlite3.Connection) -> None:
    if not connection.execute("SELECT 1 FROM sqlite_master").fetchone():
        connection.executescript(f"BEGIN; {_SCHEMA} COMMIT;")


def _is_unchanged(path: Path) -> bool:
    """Check whether the version, size and time of the index are those of the last update.

    SQLite does not notice all damage, so an index that another program may have changed is not used.
    """
    with suppress(OSError, ValueError):
        remembered = json.loads(_beside(path, ".json").read_bytes())
        return bool(remembered == _description(path))
    return False


def _remember(path: Path) -> None:
    _beside(path, ".json").write_text(json.dumps(_description(path)) + "\n", encoding="ascii")


def _description(path: Path) -> dict[str, str | int]:
    found = path.stat()
    return {"made_by": _MADE_BY, "bytes": found.st_size, "modified_ns": found.st_mtime_ns}


def _beside(path: Path, ending: str) -> Path:
    return path.with_name(path.name + ending)
