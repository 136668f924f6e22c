"""Which articles to search: by site, feed, tag and date."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from feedarchive.search.folded_text import fold, without_surrogates

_AFTER_ALL_DATES = "~"  # greater than all dates, when compared as texts


@dataclass(frozen=True)
class Filters:
    """Which articles to search. An empty field does not restrict the search.

    - ``site``: the site of the articles.
    - ``feeds``: URLs or titles of feeds.
    - ``tag``: a tag of the articles.
    - ``since``: the first year, month or day (``2025``, ``2025-12`` or ``2025-12-25``).
    - ``until``: the last year, month or day. Articles of this year, month or day are found too.
    - ``by_published``: True if ``since`` and ``until`` are days of publication, False if they are days of archiving.
    - ``all_versions``: True to search all versions of each article, False to search only the last one.
    """

    site: str = ""
    feeds: tuple[str, ...] = ()
    tag: str = ""
    since: str = ""
    until: str = ""
    by_published: bool = False
    all_versions: bool = False

    @property
    def has_dates(self) -> bool:
        return bool(self.since or self.until)


def selection(filters: Filters) -> tuple[str, list[str]]:
    """Return a SELECT statement for the numbers of the articles that the filters select, and its parameters.

    The statement is "" if nothing is filtered. ``all_versions`` is ignored. Every part of the statement must use an
    index of the table, because reading all rows is slow.
    """
    parts, values = list[str](), list[str]()
    for part, of_part in _parts(filters):
        parts.append(part)
        values += of_part
    return " INTERSECT ".join(parts), [without_surrogates(value) for value in values]


def _parts(filters: Filters) -> Iterator[tuple[str, tuple[str, ...]]]:
    if filters.site:
        yield "SELECT number FROM article WHERE site = ?", (filters.site,)
    if filters.feeds:
        marks = ", ".join("?" * len(filters.feeds))
        yield f"SELECT number FROM article WHERE source IN ({marks}) OR feed IN ({marks})", filters.feeds * 2  # noqa: S608
    if filters.tag:
        yield "SELECT number FROM tag WHERE folded = ?", (fold(filters.tag),)
    if filters.has_dates:
        date = "date" if filters.by_published else "day"
        until = f"{filters.until}{_AFTER_ALL_DATES}" if filters.until else _AFTER_ALL_DATES
        yield f"SELECT number FROM article WHERE {date} BETWEEN ? AND ?", (filters.since, until)  # noqa: S608
