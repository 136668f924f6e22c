"""The words of articles in the two FTS5 tables of the index, which index_file.py describes.

The tables do not contain the texts of articles (``content=''``). To remove an article, FTS5 needs the same words that
were added.
"""

from __future__ import annotations

import sqlite3
from collections.abc import Sequence
from typing import NamedTuple

from feedarchive.search.folded_text import fold, split_unspaced

_TABLES = ("words", "terms")
# FTS5 adds a part (a segment) to a table in each transaction. By default, it merges four parts into a larger one.
_MERGE_FOUR = (("automerge", 4), ("crisismerge", 16))
# Merge only when a table has 256 parts.
_MERGE_LATER = (("automerge", 0), ("crisismerge", 256))
_SEPARATOR = " \n "


class Words(NamedTuple):
    """The texts of an article for the columns of the table ``words``, changed by ``fold`` and ``split_unspaced``."""

    title: str
    names: str
    body: str


def words_of_article(title: str, author: str, tags: Sequence[str], body: str) -> Words:
    """The words by which an article is found."""
    names = _SEPARATOR.join((author, *tags))
    return Words(split_unspaced(fold(title)), split_unspaced(fold(names)), split_unspaced(fold(body)))


def add_words(index: sqlite3.Connection, number: int | None, words: Words) -> None:
    """Add the words of an article. ``number``: its key in the table ``article``."""
    index.execute("INSERT INTO words(rowid, title, names, body) VALUES(?, ?, ?, ?)", (number, *words))
    index.execute("INSERT INTO terms(rowid, words) VALUES(?, ?)", (number, _SEPARATOR.join(words)))


def remove_words(index: sqlite3.Connection, number: int, words: Words) -> None:
    """Remove the words of an article. ``words`` must be the same as in the call of ``add_words``."""
    index.execute("INSERT INTO words(words, rowid, title, names, body) VALUES('delete', ?, ?, ?, ?)", (number, *words))
    index.execute("INSERT INTO terms(terms, rowid, words) VALUES('delete', ?, ?)", (number, _SEPARATOR.join(words)))


def set_merging(index: sqlite3.Connection, is_postponed: bool) -> None:
    """Choose when FTS5 merges the parts of its tables: while articles are added, or only when ``merge`` is called.

    If many articles are added, it is faster to merge only once.
    """
    for table in _TABLES:
        for option, value in _MERGE_LATER if is_postponed else _MERGE_FOUR:
            index.execute(f"INSERT INTO {table}({table}, rank) VALUES(?, ?)", (option, value))


def merge(index: sqlite3.Connection) -> None:
    """Merge all parts of each table. This makes searches fast, and erases the words of removed articles."""
    for table in _TABLES:
        index.execute(f"INSERT INTO {table}({table}) VALUES('optimize')")
