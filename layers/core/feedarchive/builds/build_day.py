"""Build the digest and the pages of one day: list its folder, read the files that are new, write what has changed."""

from __future__ import annotations

from collections.abc import Iterable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from feedarchive.article.file_names import version_of
from feedarchive.digest.digest import Digest, day_folder, make_digest, parse_digest_json, to_json
from feedarchive.digest.digest_entry import DigestEntry, parse_article_file
from feedarchive.digest.markdown_page import markdown_page
from feedarchive.pages.write_pages import PageSettings, write_pages
from feedarchive.store.interface import Store, Stored
from feedarchive.store.update import update, write_if_changed

_READERS = 16
# Files that were read for the digest are kept in memory for the pages, up to this many bytes. Others are read again.
_MAX_KEPT_BYTES = 48 * 2**20


@dataclass(frozen=True)
class BuiltDay:
    """A day's digest, whether a file of the digest or pages has changed, and how many article files were read."""

    digest: Digest
    changed: bool
    articles_read: int


def build_day(
    store: Store,
    day: date,
    time_zone: str,
    settings: PageSettings = PageSettings(),  # noqa: B008 - immutable
) -> BuiltDay | None:
    """Build the digest and the pages of a day; None for a day that has neither articles nor a digest.

    Digest and pages depend only on the day's folder: two builders at the same time, or one a year later, write the same
    bytes. digest.json is written last, by compare-and-swap: a builder whose swap fails lists the folder again.
    """
    folder = day_folder(day)
    key = f"{folder}digest.json"
    articles = _Articles(store)
    result: BuiltDay | None = None

    def rebuild(stored: Stored | None) -> bytes:
        nonlocal result
        previous = parse_digest_json(stored.data, day, time_zone) if stored else {}
        digest = make_digest(day, time_zone, articles.entries(folder, previous))
        changed = write_if_changed(store, f"{folder}digest.md", markdown_page(digest))
        changed |= write_pages(store, digest, settings, articles.read)
        result = BuiltDay(digest, changed or (result is not None and result.changed), articles.number_read)
        return to_json(digest)

    first = store.read(key)
    if first is None and not any(version_of(k) for k in store.list(folder)):
        return None
    while True:
        changed = update(store, key, rebuild, already_read=first)
        assert result is not None
        result = BuiltDay(result.digest, changed or result.changed, result.articles_read)
        # After this builder listed the folder, ``forget`` may have deleted an article and rebuilt the digest without
        # it. If digest.json then has the bytes that this builder read, the swap succeeds with a digest that lists the
        # deleted article. So list the folder again.
        if not result.changed or {e.key for e in result.digest.entries} <= set(store.list(folder)):
            return result
        first = store.read(key)


class _Articles:
    """Reads the article files of a day, and keeps them in memory up to a limit, so that each is usually read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[str, bytes] = {}
        self._kept_bytes = 0
        self.number_read = 0

    def read(self, key: str) -> bytes | None:
        if key in self._kept:
            return self._kept[key]
        stored = self._store.read(key)
        self.number_read += 1
        return stored.data if stored else None

    def entries(self, folder: str, previous: dict[str, DigestEntry]) -> list[DigestEntry]:
        """The entries of all articles in a folder. Only the files that are not in ``previous`` are read."""
        keys = [key for key in self._store.list(folder) if version_of(key)]
        found = self._parsed(key for key in keys if key not in previous)
        return [entry for key in keys if (entry := previous.get(key) or found.get(key))]

    def _parsed(self, keys: Iterable[str]) -> dict[str, DigestEntry]:
        with ThreadPoolExecutor(_READERS) as pool:
            return {entry.key: entry for entry in pool.map(self._parse, keys) if entry}

    def _parse(self, key: str) -> DigestEntry | None:
        data = self.read(key)
        if data is not None and self._kept_bytes + len(data) <= _MAX_KEPT_BYTES:
            self._kept[key] = data
            self._kept_bytes += len(data)
        return parse_article_file(key, data) if data is not None else None
