"""Find articles in the index: by words, site, feed, tag and date, best first."""

from __future__ import annotations

import json
import zlib
from collections import Counter
from dataclasses import dataclass
from sqlite3 import Connection

from feedarchive.search.context import Context, context_of, marked
from feedarchive.search.folded_text import fold, without_surrogates
from feedarchive.search.query import Query, excluded_expression, wanted_expression


@dataclass(frozen=True)
class Filters:
    """Which articles to search. Texts that are "" and tuples that are empty do not restrict anything.

    ``feeds`` are URLs or titles of feeds. ``since`` and ``until`` are years, months or days (``2025``, ``2025-12``,
    ``2025-12-25``), inclusive: of archiving, or with ``by_published`` of publication.
    """

    site: str = ""
    feeds: tuple[str, ...] = ()
    tag: str = ""
    since: str = ""
    until: str = ""
    by_published: bool = False
    all_versions: bool = False


@dataclass(frozen=True)
class Hit:
    """An article that was found. ``date`` is the day of publication, or of archiving if that is unknown."""

    key: str
    id: str
    revision: int
    day: str
    date: str
    site: str
    feed: str
    source: str
    author: str
    tags: tuple[str, ...]
    title: Context
    context: Context


@dataclass(frozen=True)
class Found:
    """The number of all articles that match, and the best of them."""

    total: int
    hits: tuple[Hit, ...]


@dataclass(frozen=True)
class Facet:
    """A site, feed, month or tag, and how many of the found articles it has."""

    value: str
    number: int


def find(index: Connection, query: Query, filters: Filters, limit: int, offset: int = 0) -> Found:
    """The articles that match, best first; newest first if the query has no wanted words."""
    matches, values = _matches(query, filters)
    date = "date" if filters.by_published else "day"
    order = "rank, number DESC" if query.wanted else f"{date} DESC, key"
    numbers = index.execute(f"{matches} ORDER BY {order} LIMIT ? OFFSET ?", (*values, limit, offset)).fetchall()
    total = len(numbers)
    if total == limit or offset:
        (total,) = index.execute(f"SELECT count(*) FROM ({matches})", values).fetchone()  # noqa: S608
    return Found(total, tuple(_hit(index, number, query) for (number,) in numbers))


def facets(index: Connection, query: Query, filters: Filters, limit: int) -> dict[str, tuple[Facet, ...]]:
    """How many of the found articles each ``site``, ``feed``, ``month`` and ``tag`` has.

    The most frequent ones, and the newest months.
    """
    matches, values = _matches(query, filters)
    month = f"substr({'date' if filters.by_published else 'day'}, 1, 7)"
    sites, feeds, months, tags = Counter[str](), Counter[str](), Counter[str](), Counter[str]()
    for site, feed, when, number in index.execute(
        f"SELECT site, feed, {month}, count(*) FROM ({matches}) JOIN article USING(number) GROUP BY 1, 2, 3",  # noqa: S608
        values,
    ):
        sites[site] += number
        feeds[feed] += number
        months[when] += number
    for tag, number in index.execute(
        f"SELECT folded, count(*) FROM ({matches}) JOIN tag USING(number) GROUP BY 1",  # noqa: S608
        values,
    ):
        tags[tag] += number
    newest = tuple(Facet(name, months[name]) for name in sorted(months, reverse=True)[:limit])
    return {"site": _frequent(sites, limit), "feed": _frequent(feeds, limit), "month": newest,
            "tag": _frequent(tags, limit)}  # fmt: skip


def _frequent(counts: Counter[str], limit: int) -> tuple[Facet, ...]:
    ordered = sorted(counts.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Facet(name, number) for name, number in ordered[:limit] if name)


def _matches(query: Query, filters: Filters) -> tuple[str, list[str]]:
    """A SELECT of the numbers of all articles that match, and its values. Only the values come from input."""
    restricted, values = _restrictions(filters)
    excluded = excluded_expression(query)
    if wanted := wanted_expression(query):
        # Joining the table of articles would read a row for each match, so it is only asked if that restricts them.
        among = f"rowid IN (SELECT number FROM article WHERE {restricted})" if restricted else "1"  # noqa: S608
        expression = f"({wanted}) NOT ({excluded})" if excluded else wanted
        select, values = f"SELECT rowid AS number FROM words WHERE words MATCH ? AND {among}", [expression, *values]  # noqa: S608
    else:
        select = f"SELECT number FROM article WHERE {restricted or '1'}"  # noqa: S608
        if excluded:
            select += " AND number NOT IN (SELECT rowid FROM words WHERE words MATCH ?)"
            values.append(excluded)
    if not filters.all_versions:
        select += " AND number NOT IN (SELECT number FROM superseded)"
    return select, values


def _restrictions(filters: Filters) -> tuple[str, list[str]]:
    """A condition on the table of articles, and its values; "" if the filters restrict nothing."""
    conditions: list[str] = []
    values: list[str] = []
    date = "date" if filters.by_published else "day"
    if filters.site:
        conditions.append("site = ?")
        values.append(filters.site)
    if filters.feeds:
        marks = ", ".join("?" * len(filters.feeds))
        conditions.append(f"(source IN ({marks}) OR feed IN ({marks}))")
        values += [*filters.feeds, *filters.feeds]
    if filters.tag:
        conditions.append("number IN (SELECT number FROM tag WHERE folded = ?)")
        values.append(fold(filters.tag))
    if filters.since:
        conditions.append(f"{date} >= ?")
        values.append(filters.since)
    if filters.until:
        conditions.append(f"substr({date}, 1, {len(filters.until)}) <= ?")
        values.append(filters.until)
    return " AND ".join(conditions), [without_surrogates(value) for value in values]


def _hit(index: Connection, number: int, query: Query) -> Hit:
    row = index.execute(
        "SELECT key, id, revision, day, date, site, feed, source, author, tags, title, compressed FROM article"
        " JOIN body USING(number) WHERE number = ?",
        (number,),
    ).fetchone()
    key, article_id, revision, day, date, site, feed, source, author, tags, title, body = row
    return Hit(
        key=key,
        id=article_id,
        revision=revision,
        day=day,
        date=date,
        site=site,
        feed=feed,
        source=source,
        author=author,
        tags=tuple(json.loads(tags)),
        title=marked(title, query),
        context=context_of(zlib.decompress(body).decode(), query),
    )
