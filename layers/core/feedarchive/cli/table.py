"""A table whose last column has long texts. On a narrow terminal, these texts are printed below the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from feedarchive.text import one_line

_MIN_COLUMNS_FOR_TEXT = 120  # on a narrower terminal, texts are printed below the table
_MAX_CELL_CHARS = 40
LOG_WIDTH = 200
"""The width in characters of a table that is not printed on a terminal. It is large, so that a row fits on one line."""


@dataclass(frozen=True)
class Column:
    """The heading and alignment of a column."""

    name: str
    justify: Literal["left", "right"] = "left"


@dataclass(frozen=True)
class Row:
    """A row of a table.

    ``cells``: the cells of all columns but the last. The first cell names the row.
    ``text``: the cell of the last column; "" if it is empty.
    """

    cells: Sequence[str]
    text: str


def print_table(console: Console, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Print a table. Markup and control characters have no effect, because the texts may come from feeds."""
    wide = console.width >= _MIN_COLUMNS_FOR_TEXT
    table = Table(box=None, pad_edge=False)
    for column in columns[:-1]:
        table.add_column(column.name, justify=column.justify, no_wrap=True, max_width=_MAX_CELL_CHARS)
    if wide:
        table.add_column(columns[-1].name, overflow="fold")
    for row in rows:
        text = [Text(one_line(row.text))] if wide else []
        table.add_row(*(Text(one_line(cell)) for cell in row.cells), *text)
    console.print(table)
    if not wide:
        _print_below(console, rows)


def _print_below(console: Console, rows: Sequence[Row]) -> None:
    for row in rows:
        if row.text:
            console.print(Text(f"\n{row.cells[0]}: {one_line(row.text)}"))
    console.print()
