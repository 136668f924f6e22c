"""Build the digest and the pages of one day: list its folder, read the files that are new, write what has changed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from feedarchive.article.file_names import version_of
from feedarchive.digest.digest import Digest, day_folder, make_digest, parse_current_digest_json, to_json
from feedarchive.digest.digest_entry import DigestEntry, parse_article_file
from feedarchive.digest.markdown_page import markdown_page
from feedarchive.pages.write_pages import PagesBefore, PageSettings, pages_are_intact, read_pages, write_pages
from feedarchive.store.interface import Presence, Store, Stored, StoreError
from feedarchive.store.update import MAX_ATTEMPTS, Written, write_over

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
    only_if_changed: bool = False,
) -> BuiltDay | None:
    """Build the digest and the pages of a day; None for a day that has neither articles nor a digest.

    Digest and pages depend only on the day's folder: two builders at the same time, or one a year later, write the same
    bytes. Each file replaces only what this builder had read before it listed the folder. So a builder that was slow
    never replaces what another builder made from a newer listing: it starts again.
    ``only_if_changed``: a day whose digest lists the files of its folder, and whose pages are intact, is not rendered.
    Raises StoreError after MAX_ATTEMPTS attempts.
    """
    folder = day_folder(day)
    articles = _Articles(store)
    changed = False
    for attempt in range(MAX_ATTEMPTS):
        before = _read_files(store, day, list_pages_only=attempt == 0)
        keys = articles.list(folder)
        if before.digest is None and not keys:
            return None
        previous = parse_current_digest_json(before.digest.data, day, time_zone) if before.digest else {}
        is_current = only_if_changed and _lists_exactly(before, previous, keys)
        if is_current and pages_are_intact(before.pages, time_zone, settings):
            return BuiltDay(make_digest(day, time_zone, previous.values()), changed, articles.number_read)
        digest = make_digest(day, time_zone, articles.entries(keys, previous))
        written = _write_files(store, digest, settings, articles, before)
        changed |= written is not Written.UNCHANGED
        # After this builder listed the folder, ``forget`` may have deleted an article and built the digest without it.
        # If all files then had the bytes that this builder had read, it replaced them. So list the folder again.
        if written is not Written.CONFLICT and not (changed and articles.find_deleted(folder, digest)):
            return BuiltDay(digest, changed, articles.number_read)
    raise StoreError(
        f"cannot build {store.location}/{folder}digest.json: {MAX_ATTEMPTS} attempts failed because of other builds; "
        "run again"
    )


@dataclass(frozen=True)
class _Files:
    """The files of a day that a build replaces, as they were before it listed the articles."""

    digest: Stored | None
    markdown: Stored | None
    pages: PagesBefore


def _read_files(store: Store, day: date, list_pages_only: bool) -> _Files:
    folder = day_folder(day)
    digest, markdown = store.read(f"{folder}digest.json"), store.read(f"{folder}digest.md")
    return _Files(digest, markdown, read_pages(store, day, list_pages_only))


def _write_files(store: Store, digest: Digest, settings: PageSettings, articles: _Articles, before: _Files) -> Written:
    """Write digest.md, the pages and digest.json, in this order, up to the first conflict."""
    folder = day_folder(digest.day)
    markdown = write_over(store, f"{folder}digest.md", markdown_page(digest), before.markdown)
    if markdown is Written.CONFLICT:
        return markdown
    pages = write_pages(store, digest, settings, articles.read, before.pages)
    if pages is Written.CONFLICT:
        return pages
    return max(markdown, pages, write_over(store, f"{folder}digest.json", to_json(digest), before.digest))


def _lists_exactly(before: _Files, listed: dict[str, DigestEntry], keys: Sequence[str]) -> bool:
    """Check that the digest has both files, and lists exactly these articles."""
    return bool(before.markdown) and listed.keys() == set(keys)


class _Articles:
    """Reads the article files of a day, and keeps them in memory up to a limit, so that each is usually read once."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._kept: dict[str, bytes] = {}
        self._kept_bytes = 0
        self._deleted: set[str] = set()
        self.number_read = 0

    def read(self, key: str) -> bytes | None:
        if key in self._kept:
            return self._kept[key]
        stored = self._store.read(key)
        self.number_read += 1
        return stored.data if stored else None

    def list(self, folder: str) -> Sequence[str]:
        """The keys of all articles in a folder."""
        return [key for key in self._store.list(folder) if version_of(key) and key not in self._deleted]

    def entries(self, keys: Sequence[str], previous: dict[str, DigestEntry]) -> Iterable[DigestEntry]:
        """The entries of these articles. Only the files that are not in ``previous`` are read."""
        found = self._parsed(key for key in keys if key not in previous)
        return [entry for key in keys if (entry := previous.get(key) or found.get(key))]

    def find_deleted(self, folder: str, digest: Digest) -> bool:
        """Check whether an article of the digest was deleted. The next call of ``list`` leaves it out.

        A listing can be out of date on some S3-compatible servers, so a file that it lacks is looked up.
        """
        unlisted = {entry.key for entry in digest.entries} - set(self._store.list(folder))
        found = {key for key in unlisted if self._store.presence(key) in (Presence.ABSENT, Presence.DELETED)}
        self._deleted |= found
        return bool(found)

    def _parsed(self, keys: Iterable[str]) -> dict[str, DigestEntry]:
        with ThreadPoolExecutor(_READERS) as pool:
            return {entry.key: entry for entry in pool.map(self._parse, keys) if entry}

    def _parse(self, key: str) -> DigestEntry | None:
        data = self.read(key)
        if data is not None and self._kept_bytes + len(data) <= _MAX_KEPT_BYTES:
            self._kept[key] = data
            self._kept_bytes += len(data)
        return parse_article_file(key, data) if data is not None else None
