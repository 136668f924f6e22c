"""Find articles in the index by words, site, feed, tag and date. The best article comes first."""

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
"""At most this many articles are ranked. Ranking more is slow, and words that so many articles contain say little."""


@dataclass(frozen=True)
class Filters:
    """Which articles to search. An empty field does not restrict the search.

    - ``site``: the site of the articles.
    - ``feeds``: URLs or titles of feeds.
    - ``tag``: a tag of the articles.
    - ``since``: the first year, month or day (``2025``, ``2025-12`` or ``2025-12-25``).
    - ``until``: the last year, month or day. Articles of this year, month or day are found too.
    - ``by_published``: ``since`` and ``until`` are days of publication. Otherwise they are days of archiving.
    - ``all_versions``: search all versions of each article. Otherwise only the last version is searched.
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

    - ``revision``: the number of the version; 1 for the first version.
    - ``day``: the day of archiving.
    - ``date``: the day of publication; if it is unknown, the day of archiving.
    - ``feed``: the title of the feed.
    - ``source``: the URL of the feed.
    - ``title``: the title, with marks on the words that were searched for.
    - ``context``: an excerpt of the text, with marks on these words.
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
    """The result of a search.

    - ``total``: how many articles match.
    - ``hits``: the articles that were asked for, such as those of one page.
    """

    total: int
    hits: tuple[Hit, ...]


def find(index: Connection, query: Query, filters: Filters, limit: int, offset: int = 0) -> Found:
    """Find the articles that match, and return ``limit`` of them after the first ``offset``.

    - The best article comes first. If the query has no wanted words, the newest article comes first.
    - If more than MAX_RANKED articles match, the newest MAX_RANKED come first, ranked. The others follow, newest first.
    """
    matches, values = matching(query, filters)
    if not query.wanted:
        date = "date" if filters.by_published else "day"
        numbers = _numbers(index, f"{matches} ORDER BY {date} DESC, key LIMIT ? OFFSET ?", (*values, limit, offset))
        total = len(numbers)
        if total == limit or offset:
            total = _count(index, matches, values)
        return Found(total, tuple(_hit(index, number, query) for number in numbers))
    # A query with a prefix (``bridg*``) is slow, because FTS5 merges the entries of all words that begin with it. So it
    # is made only once and returns all matches. Then a second query to count the matches is not needed.
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
    """Rank some of the articles that match, and return the ``limit`` best. If two are equally good, the newer is first.

    A phrase is ranked by its single words. To rank by the phrase itself, FTS5 would search all articles for it again,
    which is slow. For the same reason, prefixes are ignored if more than MAX_RANKED articles match.

    - ``numbers``: the articles to rank, newest first.
    - ``total``: how many articles match in all.
    """
    expression = words_expression(query, with_prefixes=total <= MAX_RANKED)
    # Without the unary plus, SQLite would search with FTS5 once for each number.
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
    """Make a SELECT statement for the numbers of all articles that match. Returns the statement and its parameters.

    What the user has written is only in the parameters, so it cannot change the statement.
    """
    restricted, values = _restrictions(filters)
    excluded = excluded_expression(query)
    if wanted := wanted_expression(query):
        # The table ``article`` is queried only if there are filters, because SQLite reads a row of it for each match.
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
    """Make an SQL condition on the table ``article``. Returns the condition ("" without filters) and its parameters."""
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
