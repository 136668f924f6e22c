"""Count the facets of a search: how many of the articles found are of each site, feed, month and tag."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from itertools import chain
from pathlib import Path
from sqlite3 import Connection
from threading import Lock

from feedarchive.search.filters import Filters
from feedarchive.search.find_articles import all_numbers
from feedarchive.search.index_file import index_stamp
from feedarchive.search.matching import matching
from feedarchive.search.query import Query


@dataclass(frozen=True)
class Facet:
    """A facet of a search.

    - ``value``: a site, feed, month or tag.
    - ``number``: how many of the articles found have this value.
    """

    value: str
    number: int


@dataclass(frozen=True)
class _Columns:
    """The sites, feeds, months and tags of all articles, one list for each column.

    The number of an article in the index is its position in each list. The lists are kept in memory, because reading
    them from SQLite for each search would be slow.

    - ``months``: the month in which each article was archived.
    - ``published``: the month in which each article was published.
    """

    sites: Sequence[str]
    feeds: Sequence[str]
    months: Sequence[str]
    published: Sequence[str]
    tags: Sequence[tuple[str, ...]]


@dataclass
class FacetCounter:
    """Counts facets. Thread-safe. The columns of the index are read again only when the index has changed."""

    _stamp: str = ""
    _columns: _Columns = field(default_factory=lambda: _Columns((), (), (), (), ()))
    _lock: Lock = field(default_factory=Lock)

    def count(
        self, index: Connection, archive: Path, query: Query, filters: Filters, limit: int
    ) -> dict[str, tuple[Facet, ...]]:
        """Count the facets of the articles found.

        The keys of the result are ``site``, ``feed``, ``month`` and ``tag``. Each has at most ``limit`` facets: the
        newest months, and the most frequent sites, feeds and tags.
        """
        matches, values = matching(query, filters)
        index.execute("BEGIN")  # all queries until the rollback read the same state of the index
        try:
            numbers = all_numbers(index, matches, values)
            columns = self._of(index, archive)
        finally:
            index.rollback()
        months = Counter(map((columns.published if filters.by_published else columns.months).__getitem__, numbers))
        newest = tuple(Facet(name, months[name]) for name in sorted(months, reverse=True)[:limit])
        return {
            "site": _frequent(map(columns.sites.__getitem__, numbers), limit),
            "feed": _frequent(map(columns.feeds.__getitem__, numbers), limit),
            "month": newest,
            "tag": _frequent(chain.from_iterable(map(columns.tags.__getitem__, numbers)), limit),
        }

    def _of(self, index: Connection, archive: Path) -> _Columns:
        stamp = index_stamp(archive)
        with self._lock:
            if stamp != self._stamp:
                self._columns, self._stamp = _read(index), stamp
            return self._columns


def _read(index: Connection) -> _Columns:
    (last,) = index.execute("SELECT coalesce(max(number), 0) FROM article").fetchone()
    sites, feeds, months, published = ([""] * (last + 1) for _ in range(4))
    tags: list[tuple[str, ...]] = [()] * (last + 1)
    # To save memory, equal texts share one object, and so do equal tuples.
    texts: dict[str, str] = {}
    lists: dict[tuple[str, ...], tuple[str, ...]] = {}
    for number, *row in index.execute("SELECT number, site, feed, substr(day, 1, 7), substr(date, 1, 7) FROM article"):
        sites[number], feeds[number], months[number], published[number] = (texts.setdefault(each, each) for each in row)
    tagged: defaultdict[int, list[str]] = defaultdict(list)
    for number, tag in index.execute("SELECT number, folded FROM tag"):
        tagged[number].append(texts.setdefault(tag, tag))
    for number, some in tagged.items():
        tags[number] = lists.setdefault(tuple(some), tuple(some))
    return _Columns(sites, feeds, months, published, tags)


def _frequent(values: Iterable[str], limit: int) -> tuple[Facet, ...]:
    ordered = sorted(Counter(values).items(), key=lambda item: (-item[1], item[0]))
    return tuple(Facet(name, number) for name, number in ordered[:limit] if name)
