"""Find articles in the index by words, site, feed, tag and date. The best article comes first."""

from __future__ import annotations

import json
import zlib
from collections.abc import Sequence
from dataclasses import dataclass
from sqlite3 import Connection

from feedarchive.search.context import Context, context_of, marked
from feedarchive.search.filters import Filters
from feedarchive.search.index_file import INDEXED_PREFIX_LETTERS
from feedarchive.search.matching import matching
from feedarchive.search.query import Query, Term
from feedarchive.search.ranking import MAX_RANKED, best


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
    - ``hits``: the articles on the requested page of results.
    """

    total: int
    hits: tuple[Hit, ...]


def find(index: Connection, query: Query, filters: Filters, limit: int, offset: int = 0) -> Found:
    """Find the articles that match. ``limit`` and ``offset`` choose a page of them, as in SQL.

    - The best article comes first. If the query has no wanted words, the newest article comes first.
    - If more than MAX_RANKED articles match, only the newest MAX_RANKED are ranked. The others follow, newest first.
    """
    matches, values = matching(query, filters)
    if query.wanted:
        total, numbers = _found_by_words(index, query, (matches, values), limit, offset)
    else:
        date = "date" if filters.by_published else "day"
        numbers = _numbers(index, f"{matches} ORDER BY {date} DESC, key LIMIT ? OFFSET ?", (*values, limit, offset))
        total = len(numbers)
        if total == limit or offset:
            total = _count(index, matches, values)
    return Found(total, tuple(_hit(index, number, query) for number in numbers))


def _found_by_words(
    index: Connection, query: Query, matches: tuple[str, list[str]], limit: int, offset: int
) -> tuple[int, list[int]]:
    """Return how many articles match, and the numbers of one page of them, best first."""
    select, values = matches
    if any(map(_is_unindexed_prefix, query.wanted)):
        # For an unindexed prefix, FTS5 collects all matches even if the query has a LIMIT. So ask once for all matches,
        # and count them here.
        newest = all_numbers(index, f"{select} ORDER BY rowid DESC", values)
        total = len(newest)
    else:
        most = max(MAX_RANKED, offset + limit)
        newest = _numbers(index, f"{select} ORDER BY rowid DESC LIMIT ?", (*values, most))
        total = len(newest)
        if total == most:
            total += _count(index, f"{select} AND rowid < ?", (*values, newest[-1]))
    ranked = newest[:MAX_RANKED]
    numbers = best(index, query, ranked, limit + offset, total) if offset < len(ranked) else ranked
    return total, [*numbers, *newest[MAX_RANKED:]][offset : offset + limit]


def _is_unindexed_prefix(term: Term) -> bool:
    """Check whether a term is a prefix that is not in the index.

    To search for such a prefix, FTS5 merges the matches of all words that begin with it, which is slow.
    """
    return term.is_prefix and not (term.is_one_word and len(term.words) <= INDEXED_PREFIX_LETTERS)


def all_numbers(index: Connection, sql: str, values: Sequence[object]) -> list[int]:
    """Return the numbers that a query selects. Reading them as one JSON value is faster than reading row by row."""
    (found,) = index.execute(f"SELECT json_group_array(number) FROM ({sql})", values).fetchone()  # noqa: S608
    numbers: list[int] = json.loads(found)
    return numbers


def _count(index: Connection, matches: str, values: Sequence[object]) -> int:
    (number,) = index.execute(f"SELECT count(*) FROM ({matches})", values).fetchone()  # noqa: S608
    return int(number)


def _numbers(index: Connection, sql: str, values: Sequence[object]) -> list[int]:
    return [number for (number,) in index.execute(sql, values)]


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
