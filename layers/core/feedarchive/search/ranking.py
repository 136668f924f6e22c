"""Choose the best of the articles that match. FTS5 ranks them by BM25.

Words that most articles contain are not used for the ranking: they hardly change it, and FTS5 is slow with them.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from sqlite3 import Connection

from feedarchive.search.matching import Table
from feedarchive.search.query import Query, Term, words_of

MAX_RANKED = 1_000
"""How many articles are ranked at most. Ranking more articles would be slow."""


def best(index: Connection, query: Query, numbers: Sequence[int], limit: int, total: int) -> list[int]:
    """Return the ``limit`` best of the articles in ``numbers``. Of equally good articles, the newest comes first.

    - ``numbers``: the newest articles that match, at most MAX_RANKED, newest first.
    - ``total``: how many articles match the query.

    FTS5 is slow at ranking by phrases and by prefixes such as ``bridg*``. So a phrase is ranked by its single words. A
    prefix is used only if few articles contain it and few articles match the query.
    """
    words = [term for term in words_of(query) if not term.is_prefix or total <= MAX_RANKED]
    words = [term for term in words if not term.is_prefix or _oldest_of_newest(index, term) is None]
    if not numbers or not words:
        return list(numbers[:limit])
    # Without the plus sign in ``+rowid``, SQLite would repeat the FTS5 search for each article in ``numbers``.
    # ORDER BY rank would be slow: it ranks all articles with the words, not only the articles in ``numbers``.
    # The arguments of bm25() are the weights of the title, the names (author and tags) and the body.
    found = index.execute(
        "SELECT rowid FROM words WHERE words MATCH ? AND rowid BETWEEN ? AND ?"
        " AND +rowid IN (SELECT value FROM json_each(?)) ORDER BY bm25(words, 8.0, 2.0, 1.0), rowid DESC LIMIT ?",
        (" AND ".join(term.expression for term in _distinctive(index, words)), numbers[-1], numbers[0],
         json.dumps(numbers), limit),
    )  # fmt: skip
    ranked = [number for (number,) in found]
    known = set(ranked)
    return [*ranked, *(number for number in numbers if number not in known)][:limit]


def _distinctive(index: Connection, words: Sequence[Term]) -> list[Term]:
    """Return the terms to rank by: the prefixes, and the words that fewer than half of the newest articles contain.

    If there is no such term, return the rarest word.
    """
    (newest,) = index.execute("SELECT coalesce(max(number), 0) FROM article").fetchone()
    spans = {}
    for word in words:
        oldest = None if word.is_prefix else _oldest_of_newest(index, word)
        spans[word] = newest if oldest is None else newest - oldest + 1
    distinctive = [word for word, span in spans.items() if span >= min(2 * MAX_RANKED, newest)]
    return distinctive or [max(words, key=spans.__getitem__)]


def _oldest_of_newest(index: Connection, word: Term) -> int | None:
    """Of the newest MAX_RANKED articles that contain a word, return the row number of the oldest.

    Returns None if fewer articles contain the word.
    """
    table = Table.of(word)
    found = index.execute(
        f"SELECT rowid FROM {table} WHERE {table} MATCH ? ORDER BY rowid DESC LIMIT 1 OFFSET ?",  # noqa: S608
        (word.expression, MAX_RANKED - 1),
    ).fetchone()
    return int(found[0]) if found else None
