"""Find the positions of tables in a valid TOML text. ``tomllib`` does not return positions. Pure functions."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass, field
from enum import Enum

_TOKEN = re.compile(
    r'"""(?:\\.|[^\\])*?"{3,5}'  # a multi-line string; its last characters may be one or two quotes
    r"|'''.*?'{3,5}"
    r'|"(?:\\.|[^"\\\n])*"'
    r"|'[^'\n]*'"
    r"|#[^\n]*|\n|[\[\]{}]",
    re.DOTALL,
)
_SPACE = re.compile(r"[ \t]*")
_LINE = re.compile(r"[^\n]*\n?")


class _Kind(Enum):
    HEADER = "a table's header"
    VALUE = "a key and its value"
    OTHER = "a comment or an empty line"


@dataclass(frozen=True)
class _Statement:
    kind: _Kind
    start: int
    end: int


@dataclass
class FeedTable:
    """The place of a ``[[feeds]]`` table and its sub-tables in the text.

    ``parts``: the start and end of each part of the text that belongs to the table. There is more than one part if
    another table stands between the table and a sub-table.

    Comments after the last value of a part are not included, because they may belong to the next table.
    """

    parts: list[tuple[int, int]] = field(default_factory=list)

    @property
    def start(self) -> int:
        return self.parts[0][0]


def feed_tables(text: str) -> list[FeedTable]:
    """Find the ``[[feeds]]`` tables, in order. A sub-table such as ``[feeds.drop]`` belongs to the table before it."""
    tables: list[FeedTable] = []
    in_feed_table = False
    for statement in _statements(text):
        if statement.kind is _Kind.HEADER:
            header = tomllib.loads(text[statement.start : statement.end])
            begins = isinstance(header.get("feeds"), list)
            if begins:
                tables.append(FeedTable())
            continues, in_feed_table = in_feed_table and not begins, "feeds" in header
            if in_feed_table:
                _extend(tables[-1], statement, continues)
        elif statement.kind is _Kind.VALUE and in_feed_table:
            _extend(tables[-1], statement, continues=True)
    return tables


def end_of_header(text: str, table: str) -> int | None:
    """Return the position after the line of the header ``[table]``; None if there is no such header."""
    for statement in _statements(text):
        if statement.kind is _Kind.HEADER and tomllib.loads(text[statement.start : statement.end]) == {table: {}}:
            return statement.end
    return None


def line_of(text: str, position: int) -> int:
    """Return the number of the line that contains a position. The first line has the number 1."""
    return text.count("\n", 0, position) + 1


def _extend(table: FeedTable, statement: _Statement, continues: bool) -> None:
    if continues and table.parts:
        table.parts[-1] = (table.parts[-1][0], statement.end)
    else:
        table.parts.append((statement.start, statement.end))


def _statements(text: str) -> Iterator[_Statement]:
    position = 0
    while position < len(text):
        space = _SPACE.match(text, position)
        assert space
        first = text[space.end() : space.end() + 1]
        if first == "[":
            kind, end = _Kind.HEADER, _line_end(text, position)
        elif first in ("#", "\n", "\r", ""):
            kind, end = _Kind.OTHER, _line_end(text, position)
        else:
            kind, end = _Kind.VALUE, _value_end(text, position)
        yield _Statement(kind, position, end)
        position = end


def _line_end(text: str, position: int) -> int:
    line = _LINE.match(text, position)
    assert line
    return line.end()


def _value_end(text: str, position: int) -> int:
    depth = 0
    for token in _TOKEN.finditer(text, position):
        if token.group() in ("[", "{"):
            depth += 1
        elif token.group() in ("]", "}"):
            depth -= 1
        elif token.group() == "\n" and depth == 0:
            return token.end()
    return len(text)
