"""Write ``pages/feed.xml``, the Atom feed of the archive."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from feedarchive.digest.digest import day_folder, make_digest
from feedarchive.digest.digest_json import parse_digest
from feedarchive.digest.index import IndexedDay
from feedarchive.hashes import sha256_of
from feedarchive.pages.feed import FeedEntry, entries_in, entry_version, feed, feed_entry
from feedarchive.store.interface import Store, Stored
from feedarchive.store.update import update

FEED = "pages/feed.xml"
_DAYS = 30


def write_feed(
    store: Store, time_zone: str, days: Mapping[date, IndexedDay], made: Mapping[date, FeedEntry] | None = None
) -> bool:
    """Bring the feed up to date. Returns whether it was written.

    - ``days`` are all days in the index of the archive.
    - ``made`` are entries that this build has already made. They save time, because parsing a large digest takes many
      seconds.

    The stored entry of a day is kept if it was made from the digest whose hash is in the index. Otherwise the entry is
    made from the stored digest, which may be newer than the index.
    """
    newest = sorted((day for day, each in days.items() if each.counts["files"]), reverse=True)[:_DAYS]
    if not newest:
        return False

    def make(stored: Stored | None) -> bytes | None:
        before = entries_in(stored.data) if stored else {}
        entries = [
            _current(before.get(day), days[day].sha256) or _from_digest(store, time_zone, day, (made or {}).get(day))
            for day in newest
        ]
        kept = [entry for entry in entries if entry]
        return feed(kept, time_zone, min(days)) if kept else None

    return update(store, FEED, make)


def _current(entry: FeedEntry | None, digest_sha256: str) -> FeedEntry | None:
    return entry if entry and entry.version == entry_version(digest_sha256) else None


def _from_digest(store: Store, time_zone: str, day: date, made: FeedEntry | None) -> FeedEntry | None:
    """The entry of a day: ``made`` if it fits the stored digest, otherwise a new one.

    None if the digest was deleted or has no articles.
    """
    stored = store.read(f"{day_folder(day)}digest.json")
    if stored is None:
        return None
    sha256 = sha256_of(stored.data)
    if current := _current(made, sha256):
        return current
    parsed = parse_digest(stored.data, day, time_zone)
    return feed_entry(make_digest(day, time_zone, parsed.listed.values()), sha256) if parsed.entries else None
