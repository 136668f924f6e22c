"""Bring the index up to date: add the articles that are new since the last update, and remove articles that are gone.

A version and its full text are indexed together, so a search that finds words in both shows the article once. A version
without its own full text is indexed with the full text of an earlier version.
"""

from __future__ import annotations

import json
import os
import sqlite3
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path

from feedarchive.article.file_names import is_full_text, version_of
from feedarchive.article.yaml_format import body_of
from feedarchive.digest.digest import day_folder
from feedarchive.digest.digest_entry import DigestEntry, parse_article_file
from feedarchive.digest.digest_json import parse_digest_json
from feedarchive.search.folded_text import fold, without_surrogates
from feedarchive.search.full_texts import IndexedFullText, add_full_text, full_text_of, remove_full_text
from feedarchive.search.index_file import DamagedIndex, index_path, index_to_update, remove_index
from feedarchive.search.plain_text import plain_text
from feedarchive.search.superseded import has_other_versions, mark_last_version
from feedarchive.search.word_table import add_words, merge, remove_words, set_merging, words_of_article
from feedarchive.store.interface import StoreError

# How long the folder of a day may change: runs write only to the folders of the last eight days. For an older day, only
# the time of the digest is checked.
_RECENT = timedelta(days=10)
# In nanoseconds. Some file systems store times in steps of two seconds, so a folder that changes twice within this time
# may keep its modification time.
_UNSETTLED_NS = 3 * 10**9
_FAST_COMPRESSION = 1
_MANY_FILES = 1_000  # with more new files than this, FTS5 merges its tables only once, at the end
Progress = Callable[[int, int], None]
"""A function that shows progress. Its arguments: how many new files are indexed already, and how many there are in all.
"""


@dataclass(frozen=True)
class _Day:
    """A day whose folder has changed.

    - ``stamp``: a text that changes when the articles of the day change; "" if it is not reliable.
    - ``new``: the keys of the files that are not in the index yet.
    - ``gone``: the keys in the index whose files are gone.
    """

    day: date
    stamp: str
    new: Sequence[str]
    gone: Sequence[str] = field(default=())


def has_index(archive: Path) -> bool:
    """Check whether an archive has an index. The first search makes the index."""
    return index_path(archive).exists()


def update_index(
    archive: Path, time_zone: str, now: datetime, progress: Progress = lambda done, all_files: None
) -> None:
    """Bring the index of an archive up to date. If it is damaged, build it again. Raises StoreError."""
    try:
        with index_to_update(archive) as index:
            _update(index, archive, time_zone, now, progress)
    except DamagedIndex:
        remove_index(archive)
        with index_to_update(archive) as index:
            _update(index, archive, time_zone, now, progress)


def _update(index: sqlite3.Connection, archive: Path, time_zone: str, now: datetime, progress: Progress) -> None:
    changed = list(_changed_days(index, archive, now))
    total, done = sum(len(day.new) for day in changed), 0
    is_large = total > _MANY_FILES
    if changed:
        set_merging(index, is_postponed=is_large)
    for day in changed:
        entries = _digest_entries(archive, day.day, time_zone) if day.new else {}
        with index:  # each day is a transaction, so that an interruption loses only the work for one day
            for key in day.gone:
                if full := remove_full_text(index, key):
                    _index_again(index, archive, full)
                elif version_of(key):
                    _remove(index, day.day.isoformat(), key)
            for key in day.new:
                if version_of(key):
                    _add(index, archive, key, day.day, entries.get(key))
                elif full := add_full_text(index, archive, key, day.day):
                    _index_again(index, archive, full)
                done += 1
                progress(done, total)
            index.execute("INSERT OR REPLACE INTO day VALUES(?, ?)", (day.day.isoformat(), day.stamp))
    if is_large or any(day.gone for day in changed):
        with index:
            merge(index)


def _changed_days(index: sqlite3.Connection, archive: Path, now: datetime) -> Iterator[_Day]:
    stamps = dict(index.execute("SELECT day, stamp FROM day"))
    for day in _days(archive):
        stamp, is_settled = _stamp(archive, day, is_recent=day >= (now - _RECENT).date(), now=now)
        if stamps.pop(day.isoformat(), "") == stamp:
            continue
        keys = set(_keys(archive, day))
        indexed = _indexed_keys(index, day.isoformat())
        yield _Day(day, stamp if is_settled else "", sorted(keys - indexed), sorted(indexed - keys))
    for name in stamps:  # these days are in the index, but their folders are gone
        if gone := _indexed_keys(index, name):
            yield _Day(date.fromisoformat(name), "", (), sorted(gone))


def _indexed_keys(index: sqlite3.Connection, day: str) -> set[str]:
    query = "SELECT key FROM article WHERE day = ?1 UNION SELECT key FROM full_text WHERE day = ?1"
    return {key for (key,) in index.execute(query, (day,))}


def _days(archive: Path) -> list[date]:
    folders = [("archive", "")]
    for _ in ("year", "month", "day"):
        folders = [(f"{path}/{name}", f"{path}/{name}") for path, _ in folders for name in _folders(archive / path)]
    found = []
    for path, _ in folders:
        try:
            found.append(date.fromisoformat(path.removeprefix("archive/").replace("/", "-")))
        except ValueError:
            continue
    return sorted(found)


def _folders(path: Path) -> list[str]:
    try:
        with os.scandir(path) as entries:
            return sorted(entry.name for entry in entries if entry.is_dir(follow_symlinks=False))
    except (FileNotFoundError, NotADirectoryError):
        return []
    except OSError as error:
        raise StoreError(f"cannot list {path}: {error.strerror or error}") from None


def _stamp(archive: Path, day: date, is_recent: bool, now: datetime) -> tuple[str, bool]:
    """Return a text (the stamp) that changes when the articles of a day change, and whether it is reliable.

    The stamp is not reliable if a folder or the digest was modified only seconds ago (_UNSETTLED_NS).
    """
    # The paths are strings, because every search calls this function for all days, and Path objects are slow.
    folder = f"{archive}/{day_folder(day)}"
    times = [_modified(f"{folder}digest.json")]
    if is_recent or not times[0]:
        times += [_modified(folder + site) for site in _folders(Path(folder))]
    settled = int(now.timestamp()) * 10**9 - _UNSETTLED_NS
    return " ".join(map(str, times)), max(times) < settled


def _modified(path: str) -> int:
    try:
        return os.stat(path).st_mtime_ns  # noqa: PTH116 - Path.stat() is slower
    except OSError:
        return 0


def _keys(archive: Path, day: date) -> Iterator[str]:
    folder = day_folder(day)
    for site in _folders(archive / folder):
        try:
            names = os.listdir(archive / folder / site)  # noqa: PTH208 - Path.iterdir() is slower
        except FileNotFoundError:  # the folder has been removed meanwhile
            continue
        yield from (key for name in names if version_of(key := f"{folder}{site}/{name}") or is_full_text(key))


def _digest_entries(archive: Path, day: date, time_zone: str) -> Mapping[str, DigestEntry]:
    """The entries of a day's digest, by key. Empty if the digest is missing or cannot be read."""
    try:
        data = (archive / day_folder(day) / "digest.json").read_bytes()
    except OSError:
        return {}
    return parse_digest_json(data, day, time_zone)


def _index_again(index: sqlite3.Connection, archive: Path, full: IndexedFullText) -> None:
    """Index again the version that a full text belongs to, and the later versions, which may use the same full text."""
    query = "SELECT key, day FROM article WHERE id = ? AND revision >= ?"
    for key, day in index.execute(query, (full.id, full.revision)).fetchall():
        _remove(index, day, key)
        _add(index, archive, key, date.fromisoformat(day), None)


def _add(index: sqlite3.Connection, archive: Path, key: str, day: date, known: DigestEntry | None) -> None:
    """Add an article file to the index. Truncated files and files of other programs are left out."""
    try:
        data = (archive / key).read_bytes()
    except FileNotFoundError:  # the file has been removed meanwhile
        return
    except OSError as error:
        raise StoreError(f"cannot read {archive / key}: {error.strerror or error}") from None
    entry = known or parse_article_file(key, data)
    if entry is None or not data.endswith(b"\n"):
        return
    title, author, tags = (
        without_surrogates(entry.title),
        without_surrogates(entry.author),
        [without_surrogates(tag) for tag in entry.tags],
    )
    body = plain_text(body_of(data.decode("utf-8", "replace")))
    if full := full_text_of(index, archive, entry.id, entry.revision):
        body = f"{plain_text(full)}\n\n{body}"
    published = (entry.published or entry.archived)[:10]
    number = index.execute(
        "INSERT INTO article(key, day, id, revision, date, site, source, feed, title, author, tags)"
        " VALUES(?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        (key, day.isoformat(), entry.id, entry.revision, published, entry.site, without_surrogates(entry.source),
         without_surrogates(entry.feed), title, author, json.dumps(tags)),
    ).lastrowid  # fmt: skip
    index.execute("INSERT INTO body VALUES(?, ?)", (number, zlib.compress(body.encode(), _FAST_COMPRESSION)))
    index.executemany("INSERT OR IGNORE INTO tag VALUES(?, ?)", [(fold(tag), number) for tag in tags])
    add_words(index, number, words_of_article(title, author, tags, body))
    if entry.revision > 1 or has_other_versions(index, entry.id, key):
        mark_last_version(index, entry.id)


def _remove(index: sqlite3.Connection, day: str, key: str) -> None:
    row = index.execute(
        "SELECT number, id, title, author, tags, compressed FROM article JOIN body USING(number)"
        " WHERE day = ? AND key = ?",
        (day, key),
    ).fetchone()
    if row is None:  # ``_index_again`` has already removed the article
        return
    number, article_id, title, author, tags, body = row
    words = words_of_article(title, author, json.loads(tags), zlib.decompress(body).decode())
    remove_words(index, number, words)
    for table in ("article", "body", "superseded", "tag"):
        index.execute(f"DELETE FROM {table} WHERE number = ?", (number,))  # noqa: S608
    mark_last_version(index, article_id)
