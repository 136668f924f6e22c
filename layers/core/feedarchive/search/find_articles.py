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
"""If more articles match, the words say little about any of them, and ranking them all would take long."""


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


def find(index: Connection, query: Query, filters: Filters, limit: int, offset: int = 0) -> Found:
    """The articles that match, best first; newest first if the query has no wanted words.

    If more than MAX_RANKED match, the newest of them come first, best first, and then the others, newest first.
    """
    matches, values = matching(query, filters)
    if not query.wanted:
        date = "date" if filters.by_published else "day"
        numbers = _numbers(index, f"{matches} ORDER BY {date} DESC, key LIMIT ? OFFSET ?", (*values, limit, offset))
        total = len(numbers)
        if total == limit or offset:
            total = _count(index, matches, values)
        return Found(total, tuple(_hit(index, number, query) for number in numbers))
    # FTS5 merges all words with a prefix for each question, so there is only one.
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
    """The best of some matches, newest first among equals. ``total`` is the number of all matches.

    They are ranked by their words, not by phrases: FTS5 would look for the phrases in all articles twice. For the same
    reason the beginnings of words do not count if many articles match.
    """
    expression = words_expression(query, with_prefixes=total <= MAX_RANKED)
    # The plus keeps SQLite from asking FTS5 for each number.
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
    """A SELECT of the numbers of all articles that match, and its values. Only the values come from input."""
    restricted, values = _restrictions(filters)
    excluded = excluded_expression(query)
    if wanted := wanted_expression(query):
        # Joining the table of articles would read a row for each match, so it is only asked if that restricts them.
        # Without the plus, SQLite would search once for each article that the filters select, which takes seconds.
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
