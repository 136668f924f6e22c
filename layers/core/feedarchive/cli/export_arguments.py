"""The arguments of ``feedarchive export``, which exports subscriptions and articles."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable
from enum import StrEnum

_Option = Callable[[argparse.ArgumentParser], None]

_EXPORT = (
    "Write the subscriptions as OPML 2.0, for any feed reader: titles, home pages, and tags as nested folders. User "
    "names and passwords are left out, and tokens in URLs are replaced by ***. With --format jsonl, csv or parquet, "
    "write the articles as a table instead: a row for each file, with its front matter, its text, its number of words "
    "and its SHA-256. Parquet needs feedarchive[parquet]."
)
_PART_OF_DATE = re.compile(r"\d{4}(?:-(?:0[1-9]|1[0-2])(?:-(?:0[1-9]|[12]\d|3[01]))?)?")


class ExportFormat(StrEnum):
    """The formats of ``export``. OPML contains the subscriptions, all other formats contain articles."""

    OPML = "opml"
    JSONL = "jsonl"
    CSV = "csv"
    PARQUET = "parquet"


def add_export_command(commands: argparse._SubParsersAction[argparse.ArgumentParser], archive: _Option) -> None:
    """Add the command ``export``."""
    command = commands.add_parser(
        "export", help="write the subscriptions as OPML, or the articles as a table", description=_EXPORT
    )
    command.add_argument("file", metavar="FILE", nargs="?", help="the file to write (default: stdout)")
    command.add_argument(
        "--format", choices=[each.value for each in ExportFormat],
        help="the format (default: by the ending of FILE, such as .jsonl, .jsonl.gz, .csv or .parquet; otherwise opml)",
    )  # fmt: skip
    archive(command)
    command.add_argument("--site", metavar="SITE", default="", help="only articles of this site, such as example.org")
    add_dates(command)


def add_dates(command: argparse.ArgumentParser) -> None:
    for name, text in (("--since", "from this day, month or year on"), ("--until", "until this day, month or year")):
        command.add_argument(
            name, metavar="DATE", type=_date, help=f"only articles {text}, such as 2025-12-25 or 2025-12"
        )
    command.add_argument(
        "--published", action="store_true", help="--since and --until are days of publication, not of archiving"
    )


def _date(text: str) -> str:
    if not _PART_OF_DATE.fullmatch(text):
        raise argparse.ArgumentTypeError(f"expected a day, month or year such as 2025-12-25 or 2025-12, got {text!r}")
    return text
