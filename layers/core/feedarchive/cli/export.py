"""``feedarchive export``: write the subscriptions as OPML, or the articles as a table."""

from __future__ import annotations

import argparse
import gzip
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import BinaryIO, cast

from feedarchive.archive.open_archive import open_for_reading
from feedarchive.cli.export_arguments import ExportFormat
from feedarchive.cli.export_opml import export_opml
from feedarchive.cli.progress_bar import progress_bar
from feedarchive.cli.stdout import OutputLost
from feedarchive.store.interface import StoreError
from feedarchive.store.location import InvalidLocation, open_store
from feedarchive.tables.export_rows import NoParquet, write_csv, write_jsonl, write_parquet
from feedarchive.tables.rows import Row
from feedarchive.tables.select_rows import Selection, select_rows
from feedarchive.text import count_of

_WRITERS: dict[ExportFormat, Callable[[Iterable[Row], BinaryIO], int]] = {
    ExportFormat.JSONL: write_jsonl,
    ExportFormat.CSV: write_csv,
    ExportFormat.PARQUET: write_parquet,
}
_ENDINGS = {
    ".jsonl": ExportFormat.JSONL,
    ".ndjson": ExportFormat.JSONL,
    ".jsonl.gz": ExportFormat.JSONL,
    ".csv": ExportFormat.CSV,
    ".parquet": ExportFormat.PARQUET,
}


def export(arguments: argparse.Namespace) -> int:
    """Write the subscriptions as OPML, or the articles as a table.

    The format is ``--format``. Without this option, the ending of the file's name decides. The default is OPML.
    """
    chosen = ExportFormat(arguments.format) if arguments.format else _format_of(arguments.file or "")
    selection = Selection(arguments.since or "", arguments.until or "", arguments.published, arguments.site.lower())
    if chosen is ExportFormat.OPML:
        if selection != Selection():
            raise InvalidLocation(
                "--since, --until, --published and --site select articles: also give --format jsonl, csv or parquet"
            )
        return export_opml(arguments)
    return _export_articles(arguments.archive, arguments.file, chosen, selection)


def _format_of(name: str) -> ExportFormat:
    return next((chosen for ending, chosen in _ENDINGS.items() if name.lower().endswith(ending)), ExportFormat.OPML)


def _export_articles(location: str, name: str | None, chosen: ExportFormat, selection: Selection) -> int:
    store = open_store(location)
    time_zone = open_for_reading(store).time_zone.key
    to_stdout = name in (None, "-")
    if to_stdout and chosen is ExportFormat.PARQUET:
        raise InvalidLocation("Parquet cannot be written to stdout: give the name of a file")
    try:
        with progress_bar("reading days") as progress, _stdout() if to_stdout else _file(Path(name or "")) as file:
            number = _WRITERS[chosen](select_rows(store, time_zone, selection, progress), file)
    except NoParquet as error:
        raise InvalidLocation(str(error)) from None
    if not to_stdout:
        print(f"{count_of(number, 'article file')} written to {name}")
    return 0


@contextmanager
def _stdout() -> Iterator[BinaryIO]:
    """Yields the original stdout.

    ``sys.stdout`` may collect all output in memory (cli/stdout.py), and a table may be too large for that.
    """
    stdout = cast("BinaryIO", getattr(sys.__stdout__, "buffer", None))
    try:
        yield stdout
        stdout.flush()
    except BrokenPipeError:
        raise OutputLost("the reader closed the pipe", reader_left=True) from None


@contextmanager
def _file(path: Path) -> Iterator[BinaryIO]:
    """Yields a temporary file, which is renamed to ``path`` when it is complete.

    If the name of ``path`` ends with .gz, the file is compressed.
    """
    temporary = path.with_name(f".{path.name}.tmp")
    try:
        with temporary.open("wb") as file:
            if path.name.endswith(".gz"):
                with gzip.GzipFile("", "wb", fileobj=file, mtime=0) as compressed:
                    yield cast("BinaryIO", compressed)
            else:
                yield file
        temporary.replace(path)
    except OSError as error:
        raise StoreError(f"cannot write {path}: {error.strerror or error}") from None
    finally:
        temporary.unlink(missing_ok=True)
