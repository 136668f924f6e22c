"""Write the rows of a table as JSON Lines, CSV or Parquet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from itertools import islice
from typing import Any, BinaryIO

from feedarchive.tables.columns import COLUMNS, ColumnType
from feedarchive.tables.rows import Row, json_line

# How many rows a row group of Parquet has. One row group is held in memory (about 10 MB).
_ROW_GROUP = 2_000
# A spreadsheet runs a cell as a formula if it begins with one of these. The text of a feed must not be run.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


class NoParquet(Exception):
    """pyarrow is not installed. The message says how to install it."""


def write_jsonl(rows: Iterable[Row], file: BinaryIO) -> int:
    """Write each row as a line of JSON. Returns the number of rows."""
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007 - the last one is the number of rows
        file.write(json_line(row))
    return number


def write_csv(rows: Iterable[Row], file: BinaryIO) -> int:
    """Write rows as CSV (RFC 4180) in UTF-8. Returns the number of rows.

    - The first line has the names of the columns.
    - A list is written as JSON.
    - A text that a spreadsheet would run as a formula is written with an apostrophe before it: ``=A1`` -> ``'=A1``.
    """
    text = io.TextIOWrapper(file, encoding="utf-8", errors="replace", newline="")
    writer = csv.writer(text)
    writer.writerow([column.name for column in COLUMNS])
    number = 0
    for number, row in enumerate(rows, 1):  # noqa: B007
        writer.writerow([_cell(row[column.name]) for column in COLUMNS])
    text.flush()
    text.detach()
    return number


def _cell(value: object) -> object:
    if isinstance(value, list):
        return json.dumps(value, ensure_ascii=False)
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return value


def write_parquet(rows: Iterable[Row], file: BinaryIO) -> int:
    """Write rows as Parquet, compressed with Zstandard. Returns the number of rows.

    Raises NoParquet if pyarrow is not installed.
    """
    try:
        import pyarrow
        from pyarrow import parquet
    except ImportError:
        raise NoParquet("Parquet needs pyarrow: install feedarchive[parquet], or choose --format jsonl") from None
    types: dict[ColumnType, Any] = {
        ColumnType.TEXT: pyarrow.string(),
        ColumnType.TEXTS: pyarrow.list_(pyarrow.string()),
        ColumnType.NUMBER: pyarrow.int64(),
        ColumnType.TIME: pyarrow.timestamp("ms", tz="UTC"),
        ColumnType.DAY: pyarrow.date32(),
        ColumnType.BOOLEAN: pyarrow.bool_(),
    }
    schema = pyarrow.schema([pyarrow.field(c.name, types[c.type], nullable=not c.required) for c in COLUMNS])
    number = 0
    with parquet.ParquetWriter(file, schema, compression="zstd") as writer:
        for batch in _batches(rows):
            columns = {c.name: [_typed(c.type, row[c.name]) for row in batch] for c in COLUMNS}
            writer.write_batch(pyarrow.RecordBatch.from_pydict(columns, schema))
            number += len(batch)
    return number


def _batches(rows: Iterable[Row]) -> Iterator[list[Row]]:
    remaining = iter(rows)
    while batch := list(islice(remaining, _ROW_GROUP)):
        yield batch


def _typed(column_type: ColumnType, value: Any) -> Any:
    if isinstance(value, str):
        if column_type is ColumnType.TIME:
            return datetime.fromisoformat(value)
        if column_type is ColumnType.DAY:
            return date.fromisoformat(value)
        return value if value.isascii() else value.encode("utf-8", "replace").decode()
    if isinstance(value, list):
        return [_typed(ColumnType.TEXT, each) for each in value]
    return value
