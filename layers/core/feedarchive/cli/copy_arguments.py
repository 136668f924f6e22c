"""The options of ``feedarchive copy``, ``verify``, ``repair`` and ``prove``."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from datetime import date
from typing import TYPE_CHECKING

from feedarchive.cli.default_archive import ARCHIVE_VARIABLE, DEFAULT_ARCHIVE, default_archive

if TYPE_CHECKING:
    _Commands = argparse._SubParsersAction[argparse.ArgumentParser]

_Add = Callable[[argparse.ArgumentParser], None]
_COPY = (
    "Copy what people read in an archive to another folder or bucket: articles, full texts, stored pictures, digests "
    "and HTML pages. Only files that are missing there are copied, and each is checked by its hash. Run the command "
    "again to bring a copy up to date, or to go on after an interruption. A file of the destination is never "
    "overwritten, even if it differs. Exit status 1 if a file could not be copied; a message names it."
)

_VERIFY = (
    "Check an archive or a copy by hashes: articles, digests, the index, claims (which say what is archived already), "
    "stored pictures, and the chain of hashes. Nothing is changed. Exit status 1 if there are problems; each is "
    "printed, with what to do."
)
_REPAIR = (
    "Write lost claims again from the articles. If a copy is given, also put back missing and damaged files from the "
    "copy. The hash of each file is checked first. If no problem is left, stored pictures that no article uses are "
    "removed. Exit status 1 if a problem is left."
)

_PROVE = (
    "Print a proof that an article was in the archive on the day in the article's path, such as 2025/12/25: the list "
    "of the day's files, and the records of the chain of hashes. You can check the proof with sha256sum and a text "
    "editor. docs/proof.md says what it proves."
)


def add_copy_commands(commands: _Commands, archive: _Add, json: _Add) -> None:
    """Add the commands ``copy``, ``verify``, ``repair`` and ``prove``.

    ``archive`` and ``json`` are functions that add the options ``--archive`` and ``--json``.
    """
    _copy(commands.add_parser("copy", help="copy an archive, or bring a copy up to date", description=_COPY), json)
    _verify(commands.add_parser("verify", help="check an archive or a copy by hashes", description=_VERIFY), json)
    _repair(commands.add_parser("repair", help="put back lost claims and files", description=_REPAIR), archive)
    _prove(commands.add_parser("prove", help="prove that a file was in the archive", description=_PROVE), archive)


def day_argument(text: str) -> date:
    """Parse a day such as 2025-12-25. Raises ArgumentTypeError if the text is not a day."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a day such as 2025-12-25, got {text!r}") from None


def _copy(command: argparse.ArgumentParser, json: _Add) -> None:
    location = "a folder, or s3://bucket[/prefix]"
    command.add_argument("source", metavar="SOURCE", help=f"the archive, or a copy of it: {location}")
    command.add_argument("destination", metavar="DESTINATION", help=f"where to copy it: {location}")
    add_days(command)
    command.add_argument(
        "--feed", metavar="FEED", default="", help="only the articles of this feed (its title or URL), without digests"
    )
    command.add_argument(
        "--site",
        metavar="SITE",
        default="",
        help="only the articles of this site (the name of its folder), without digests",
    )
    which = command.add_mutually_exclusive_group()
    which.add_argument(
        "--content",
        action="store_true",
        help="copy articles, full texts, stored pictures, digests and pages (the default)",
    )
    which.add_argument(
        "--everything",
        action="store_true",
        help="also copy claims, day records, feed documents, feeds.toml and archive.json, so that the archive can be "
        "continued at the destination; polling state is not copied",
    )
    command.add_argument("--dry-run", action="store_true", help="write nothing; say what would be copied")
    json(command)


def _verify(command: argparse.ArgumentParser, json: _Add) -> None:
    command.add_argument(
        "location", metavar="LOCATION", nargs="?", default=default_archive(),
        help=f"a folder, or s3://bucket[/prefix] (default: ${ARCHIVE_VARIABLE}; if that is not set, {DEFAULT_ARCHIVE})",
    )  # fmt: skip
    add_days(command)
    command.add_argument("--quick", action="store_true", help="compare sizes and names only, without reading articles")
    command.add_argument(
        "--against", metavar="OTHER", help="another copy: for each damaged file, say whether it is undamaged in OTHER"
    )
    json(command)


def _repair(command: argparse.ArgumentParser, archive: _Add) -> None:
    archive(command)
    command.add_argument(
        "source", metavar="FROM", nargs="?", help="a copy of the archive: a folder, or s3://bucket[/prefix]"
    )


def _prove(command: argparse.ArgumentParser, archive: _Add) -> None:
    archive(command)
    command.add_argument(
        "file", metavar="FILE", help="the file of an article: its path in the archive or on this machine"
    )
    command.add_argument(
        "--until",
        metavar="DAY",
        type=day_argument,
        help="end the proof with the record of this day (default: the newest day)",
    )
    command.add_argument("--save", action="store_true", help="write the proof to a file in the current folder")


def add_days(command: argparse.ArgumentParser) -> None:
    command.add_argument("--days", metavar="N", type=_number, help="only the last N days of the archive")
    command.add_argument("--since", metavar="DAY", type=day_argument, help="only this day and later ones")
    command.add_argument("--until", metavar="DAY", type=day_argument, help="only this day and earlier ones")


def _number(text: str) -> int:
    if not text.isascii() or not text.isdigit() or not 0 < int(text) < 10**6:
        raise argparse.ArgumentTypeError(f"expected a number of days, got {text!r}")
    return int(text)
