"""The SELECT statement that finds the numbers of all articles that match a query and filters.

Words and prefixes are searched in the table ``terms``, phrases in the table ``words``: see index_file.py.
"""

from __future__ import annotations

from collections.abc import Iterable
from enum import StrEnum

from feedarchive.search.filters import Filters, selection
from feedarchive.search.query import Query, Term


class Table(StrEnum):
    """A table of FTS5."""

    TERMS = "terms"
    WORDS = "words"

    @classmethod
    def of(cls, term: Term) -> Table:
        """The table in which to search for a term."""
        return cls.TERMS if term.is_one_word else cls.WORDS


def matching(query: Query, filters: Filters) -> tuple[str, list[str]]:
    """Return a SELECT statement for the numbers of all articles that match, and its parameters.

    The caller can append "AND …" to the statement. Text from the user is in the parameters, never in the statement.
    """
    if not query.wanted:
        return _without_wanted_words(query, filters)
    phrases = [term for term in query.wanted if Table.of(term) is Table.WORDS]
    table = Table.WORDS if phrases else Table.TERMS
    # If there are phrases, single words are also searched in the table ``words``. FTS5 then looks for the phrases only
    # in articles that contain these words. Prefixes are searched in ``terms``, which has an index of prefixes.
    prefixes = [term for term in query.wanted if phrases and term.is_prefix and term not in phrases]
    wanted = [term for term in query.wanted if term not in prefixes]
    select = f"SELECT rowid AS number FROM {table} WHERE {table} MATCH ?"  # noqa: S608
    values = [_all_of(wanted)]
    # Without the unary plus, SQLite would search once for each result of the subquery, which takes seconds.
    if prefixes:
        select += " AND +rowid IN (SELECT rowid FROM terms WHERE terms MATCH ?)"
        values.append(_all_of(prefixes))
    selected, of_selected = selection(filters)
    if selected:
        select += f" AND +rowid IN ({selected})"
        values += of_selected
    if filters.has_dates:
        # Articles are numbered in the order of archiving. So the articles of a period are in one range of numbers, and
        # FTS5 reads only this range.
        first, last = (f"(SELECT {which}(number) FROM ({selected}))" for which in ("min", "max"))  # noqa: S608
        select += f" AND rowid BETWEEN {first} AND {last}"
        values += of_selected * 2
    return _restricted(select, values, "rowid", query, filters)


def _without_wanted_words(query: Query, filters: Filters) -> tuple[str, list[str]]:
    selected, values = selection(filters)
    select = f"SELECT number FROM article WHERE {f'number IN ({selected})' if selected else '1'}"  # noqa: S608
    return _restricted(select, values, "number", query, filters)


def _restricted(select: str, values: list[str], number: str, query: Query, filters: Filters) -> tuple[str, list[str]]:
    """Add the conditions for ``query.excluded`` and ``filters.all_versions``."""
    for table in Table:
        if excluded := _any_of(term for term in query.excluded if Table.of(term) is table):
            select += f" AND {number} NOT IN (SELECT rowid FROM {table} WHERE {table} MATCH ?)"  # noqa: S608
            values.append(excluded)
    if not filters.all_versions:
        select += f" AND {number} NOT IN (SELECT number FROM superseded)"  # noqa: S608
    return select, values


def _all_of(terms: Iterable[Term]) -> str:
    return " AND ".join(term.expression for term in terms)


def _any_of(terms: Iterable[Term]) -> str:
    return " OR ".join(term.expression for term in terms)
