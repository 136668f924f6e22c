"""A table whose rows end in words: beside the rest where there is room for them, else below the table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from rich.console import Console
from rich.table import Table
from rich.text import Text

from feedarchive.text import one_line

_WIDE = 120  # columns of a terminal with room beside a table
_MAX_NAME = 40  # characters


@dataclass(frozen=True)
class Column:
    """A column by its name. The last one is that of the words."""

    name: str
    justify: Literal["left", "right"] = "left"


@dataclass(frozen=True)
class Row:
    """A row's cells, the first of them its name, and its words, "" if there is nothing to say."""

    cells: Sequence[str]
    words: str


def print_table(console: Console, columns: Sequence[Column], rows: Sequence[Row]) -> None:
    """Print it. Cells and words may be anybody's: they are no markup, move no cursor and end no line."""
    beside = console.width >= _WIDE
    table = Table(box=None, pad_edge=False)
    for column in columns[:-1]:
        table.add_column(column.name, justify=column.justify, no_wrap=True, max_width=_MAX_NAME)
    if beside:
        table.add_column(columns[-1].name, overflow="fold")
    for row in rows:
        words = [Text(one_line(row.words))] if beside else []
        table.add_row(*(Text(one_line(cell)) for cell in row.cells), *words)
    console.print(table)
    if not beside:
        _print_below(console, rows)


def _print_below(console: Console, rows: Sequence[Row]) -> None:
    for row in rows:
        if row.words:
            console.print(Text(f"\n{row.cells[0]}: {one_line(row.words)}"))
    console.print()
