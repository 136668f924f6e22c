"""Building the digest of a day: list its folder, read the files that are new, write what differs."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date

from feedarchive.article.file_names import version_of
from feedarchive.digest.digest import Digest, day_folder, make_digest, parse_digest_json, to_json
from feedarchive.digest.digest_entry import DigestEntry, parse_article_file
from feedarchive.digest.html_page import html_pages
from feedarchive.digest.markdown_page import markdown_page
from feedarchive.digest.written import write_derived
from feedarchive.store.interface import Store, Stored

_READERS = 16


@dataclass(frozen=True)
class BuiltDay:
    """A day's digest, whether anything of it had to be written, and how many articles were read for it."""

    digest: Digest
    changed: bool
    articles_read: int


def build_day(store: Store, day: date, time_zone: str) -> BuiltDay | None:
    """Build a day's digest; None for a day without articles that never had one.

    A pure function of the day's folder: two builders at once, or one a year later, write the same bytes.
    The digest.json comes last and is compared-and-swapped: who loses lists the folder again.
    """
    folder = day_folder(day)
    key = f"{folder}digest.json"
    result: BuiltDay | None = None

    def rebuilt(stored: Stored | None) -> bytes:
        nonlocal result
        previous = parse_digest_json(stored.data, day, time_zone) if stored else {}
        entries, read = _entries(store, folder, previous)
        digest = make_digest(day, time_zone, entries)
        pages = {"digest.md": markdown_page(digest), **html_pages(digest)}
        written = [write_derived(store, folder + name, lambda _, page=page: page) for name, page in pages.items()]  # type: ignore[misc]
        result = BuiltDay(
            digest, any(written) or bool(result and result.changed), read + (result.articles_read if result else 0)
        )
        return to_json(digest)

    if store.read(key) is None and not any(version_of(k) for k in store.list(folder)):
        return None
    while True:
        changed = write_derived(store, key, rebuilt)
        assert result is not None
        result = BuiltDay(result.digest, changed or result.changed, result.articles_read)
        # An article may have been forgotten since the folder was listed, and its digest built in between: the
        # digest.json is then again what was compared with, and the swap does not fail.
        if not result.changed or {e.key for e in result.digest.entries} <= set(store.list(folder)):
            return result


def remove_stale_pages(store: Store, digest: Digest) -> None:
    """Remove the pages of sites that have no article on this day any more: what was forgotten is on them."""
    folder, pages = day_folder(digest.day), html_pages(digest)
    for key in store.list(f"{folder}site-"):
        name = key.removeprefix(folder)
        if name.endswith(".html") and "/" not in name and name not in pages:
            store.delete(key)


def _entries(store: Store, folder: str, previous: dict[str, DigestEntry]) -> tuple[list[DigestEntry], int]:
    """The entries of all articles in a folder, and how many of them had to be read: each once in its life."""
    keys = [key for key in store.list(folder) if version_of(key)]
    new = [key for key in keys if key not in previous]
    with ThreadPoolExecutor(_READERS) as pool:
        found = {entry.key: entry for entry in pool.map(lambda key: _read(store, key), new) if entry}
    return [entry for key in keys if (entry := previous.get(key) or found.get(key))], len(new)


def _read(store: Store, key: str) -> DigestEntry | None:
    stored = store.read(key)
    return parse_article_file(key, stored.data) if stored else None
