"""Find articles for the web pages.

An archive in a folder is searched with its index. An archive in S3 has no index, so its digests are searched.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from pathlib import Path
from threading import Lock
from typing import Protocol

from feedarchive.concurrency import in_parallel
from feedarchive.digest.digest import day_folder
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.digest_json import parse_digest_json
from feedarchive.digest.index import indexed_days
from feedarchive.search.context import context_of, has_all, marked
from feedarchive.search.facets import Facet
from feedarchive.search.filters import Filters
from feedarchive.search.find_articles import Found, Hit
from feedarchive.search.folded_text import fold
from feedarchive.search.query import Query
from feedarchive.search.search_archive import SearchedArchive
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store

Facets = dict[str, tuple[Facet, ...]]


class Finder(Protocol):
    """Finds the articles of an archive."""

    def find(self, query: Query, filters: Filters, limit: int, offset: int) -> Found:
        """Find the matching articles. Skip the first ``offset`` of them, and return at most ``limit``."""

    def facets(self, query: Query, filters: Filters, limit: int) -> Facets:
        """Count the matching articles of each site, feed, month and tag.

        The keys of the result are ``site``, ``feed``, ``month`` and ``tag``. Each maps to at most ``limit`` facets.
        """


@dataclass(frozen=True)
class FolderFinder:
    """Searches the complete texts of an archive in a folder. The best article comes first."""

    archive: SearchedArchive
    now: Callable[[], datetime]

    def find(self, query: Query, filters: Filters, limit: int, offset: int) -> Found:
        return self.archive.find(query, filters, self.now(), limit, offset)

    def facets(self, query: Query, filters: Filters, limit: int) -> Facets:
        return self.archive.facets(query, filters, self.now(), limit)


@dataclass
class DigestFinder:
    """Searches titles, descriptions, authors and tags in the digests. The newest article comes first.

    The entries of all digests are kept in memory.
    """

    store: Store
    time_zone: str
    _days: dict[date, tuple[str, tuple[DigestEntry, ...]]] = field(default_factory=dict)
    _lock: Lock = field(default_factory=Lock)

    def find(self, query: Query, filters: Filters, limit: int, offset: int) -> Found:
        found = [entry for entry in self._entries() if _matches(entry, query, filters)]
        return Found(len(found), tuple(_hit(entry, query) for entry in found[offset : offset + limit]))

    def facets(self, query: Query, filters: Filters, limit: int) -> Facets:
        found = [entry for entry in self._entries() if _matches(entry, query, filters)]
        months = Counter(written_day(entry)[:7] for entry in found)
        return {
            "site": _most(Counter(entry.site for entry in found), limit),
            "feed": _most(Counter(entry.feed for entry in found), limit),
            "month": tuple(Facet(name, months[name]) for name in sorted(months, reverse=True)[:limit]),
            "tag": _most(Counter(fold(tag) for entry in found for tag in entry.tags), limit),
        }

    def _entries(self) -> Iterator[DigestEntry]:
        with self._lock:
            listed = indexed_days(self.store, self.time_zone)
            changed = [
                day for day, row in listed.items() if self._days.get(day, ("", ()))[0] != row.sha256 or not row.sha256
            ]
            for day, entries in zip(changed, in_parallel(self._read, changed, self.store.threads), strict=True):
                self._days[day] = (listed[day].sha256, entries)
            for day in self._days.keys() - listed.keys():
                del self._days[day]
            days = sorted(self._days.items(), reverse=True)
        return (entry for _, (_, entries) in days for entry in entries)

    def _read(self, day: date) -> tuple[DigestEntry, ...]:
        stored = self.store.read(f"{day_folder(day)}digest.json")
        entries = parse_digest_json(stored.data, day, self.time_zone).values() if stored else ()
        return tuple(sorted(entries, key=lambda entry: entry.published or entry.archived, reverse=True))


def finder_for(store: Store, time_zone: str, now: Callable[[], datetime]) -> Finder:
    """Make a finder: a FolderFinder for an archive in a folder, otherwise a DigestFinder."""
    if isinstance(store, FolderStore):
        return FolderFinder(SearchedArchive(Path(store.location), time_zone), now)
    return DigestFinder(store, time_zone)


def _matches(entry: DigestEntry, query: Query, filters: Filters) -> bool:
    if filters.site not in ("", entry.site) or (filters.feeds and not {entry.source, entry.feed} & set(filters.feeds)):
        return False
    if filters.tag and fold(filters.tag) not in map(fold, entry.tags):
        return False
    day = written_day(entry)
    if day < filters.since or (filters.until and day[: len(filters.until)] > filters.until):
        return False
    return query.is_empty or has_all(" \n ".join((entry.title, entry.description, entry.author, *entry.tags)), query)


def written_day(entry: DigestEntry) -> str:
    """The day of archiving of an article, such as ``2025-12-25``."""
    return "-".join(entry.key.split("/")[1:4])


def _most(counts: Counter[str], limit: int) -> tuple[Facet, ...]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Facet(name, number) for name, number in ordered[:limit] if name)


def _hit(entry: DigestEntry, query: Query) -> Hit:
    return Hit(
        entry.key, entry.id, entry.revision, written_day(entry), (entry.published or entry.archived)[:10], entry.site,
        entry.feed, entry.source, entry.author, entry.tags, marked(entry.title, query),
        context_of(entry.description, query),
    )  # fmt: skip
