"""Find articles in the index: by words, site, feed, tag and date, best first."""

from __future__ import annotations

import json
import sys
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from feedarchive.search.context import Context, context_of, marked
from feedarchive.search.folded_text import fold, without_surrogates
from feedarchive.search.query import Query, excluded_expression, wanted_expression, words_expression

MAX_RANKED = 1_000
"""How many articles are ranked at most. If more match, the words say little about any of them, and ranking is slow."""


@dataclass(frozen=True)
class Filters:
    """Which articles to search. An empty text or tuple does not restrict anything.

    - ``feeds``: URLs or titles of feeds.
    - ``since``, ``until``: years, months or days (``2025``, ``2025-12``, ``2025-12-25``), inclusive.
    - ``by_published``: ``since`` and ``until`` are times of publication, not of archiving.
    - ``all_versions``: search all versions of an article, not only the last one.
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
    """An article that was found.

    - ``day``: the day of archiving.
    - ``date``: the day of publication; if it is unknown, the day of archiving.
    - ``feed``: the title of the feed.
    - ``source``: the URL of the feed.
    """

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
    """The number of all articles that match (``total``), and the best of them (``hits``)."""

    total: int
    hits: tuple[Hit, ...]


def find(index: Connection, query: Query, filters: Filters, limit: int, offset: int = 0) -> Found:
    """The articles that match, best first. If the query has no wanted words, newest first.

    If more than MAX_RANKED articles match, only the MAX_RANKED newest are ranked and listed best first. The others
    follow, newest first.
    """
    matches, values = matching(query, filters)
    if not query.wanted:
        date = "date" if filters.by_published else "day"
        numbers = _numbers(index, f"{matches} ORDER BY {date} DESC, key LIMIT ? OFFSET ?", (*values, limit, offset))
        total = len(numbers)
        if total == limit or offset:
            total = _count(index, matches, values)
        return Found(total, tuple(_hit(index, number, query) for number in numbers))
    # For each query with a prefix, FTS5 merges the entries of all words that begin with it. So there is only one query,
    # which returns all matches.
    most = sys.maxsize if any(term.is_prefix for term in query.wanted) else MAX_RANKED + 1
    newest = _numbers(index, f"{matches} ORDER BY rowid DESC LIMIT ?", (*values, most))
    total = len(newest) if len(newest) < most else _count(index, matches, values)
    ranked = newest[:MAX_RANKED]
    numbers = _best(index, query, ranked, limit + offset, total)[offset:] if offset < len(ranked) else []
    if (missing := limit - len(numbers)) and total > len(ranked):
        start = max(offset, len(ranked))
        numbers += (
            newest[start : start + missing]
            if len(newest) == total
            else _numbers(index, f"{matches} ORDER BY rowid DESC LIMIT ? OFFSET ?", (*values, missing, start))
        )
    return Found(total, tuple(_hit(index, number, query) for number in numbers))


def _best(index: Connection, query: Query, numbers: Sequence[int], limit: int, total: int) -> list[int]:
    """The ``limit`` best of some matches (``numbers``), newest first among equals. ``total`` counts all matches.

    Phrases are ranked by their single words, because FTS5 would search all articles for the phrases again. For the same
    reason, prefixes are ignored if more than MAX_RANKED articles match.
    """
    expression = words_expression(query, with_prefixes=total <= MAX_RANKED)
    # The unary plus keeps SQLite from searching with FTS5 once for each number.
    ranked = expression and _numbers(
        index,
        "SELECT rowid FROM words WHERE words MATCH ? AND rowid >= ? AND +rowid IN (SELECT value FROM json_each(?))"
        " ORDER BY rank, rowid DESC LIMIT ?",
        (expression, numbers[-1], json.dumps(numbers), limit),
    )
    known = set(ranked)
    return [*ranked, *(number for number in numbers if number not in known)][:limit]


def _count(index: Connection, matches: str, values: Sequence[object]) -> int:
    (number,) = index.execute(f"SELECT count(*) FROM ({matches})", values).fetchone()  # noqa: S608
    return int(number)


def _numbers(index: Connection, sql: str, values: Sequence[object]) -> list[int]:
    return [number for (number,) in index.execute(sql, values)]


def matching(query: Query, filters: Filters) -> tuple[str, list[str]]:
    """A SELECT statement for the numbers of all articles that match, and its parameters.

    Nothing that the user has written is in the statement itself.
    """
    restricted, values = _restrictions(filters)
    excluded = excluded_expression(query)
    if wanted := wanted_expression(query):
        # The table of articles is queried only if there are filters, because SQLite would read a row for each match.
        # Without the unary plus, SQLite would search once for each article that the filters select: this takes seconds.
        among = f"+rowid IN (SELECT number FROM article WHERE {restricted})" if restricted else "1"  # noqa: S608
        expression = f"({wanted}) NOT ({excluded})" if excluded else wanted
        select, values = f"SELECT rowid AS number FROM words WHERE words MATCH ? AND {among}", [expression, *values]  # noqa: S608
        number = "rowid"
    else:
        select, number = f"SELECT number FROM article WHERE {restricted or '1'}", "number"  # noqa: S608
        if excluded:
            select += " AND number NOT IN (SELECT rowid FROM words WHERE words MATCH ?)"
            values.append(excluded)
    if not filters.all_versions:
        select += f" AND {number} NOT IN (SELECT number FROM superseded)"  # noqa: S608
    return select, values


def _restrictions(filters: Filters) -> tuple[str, list[str]]:
    """An SQL condition on the table of articles, and its parameters. The condition is "" without filters."""
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
