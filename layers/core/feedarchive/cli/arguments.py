"""The words of the command line."""

from __future__ import annotations

import argparse
import os
from datetime import date

from feedarchive import __version__
from feedarchive.cli.subscription_arguments import add_subscription_commands, feed_names

DEFAULT_ARCHIVE = "./my-archive"
ARCHIVE_VARIABLE = "FEEDARCHIVE_ARCHIVE"
_LOCATION = f"a folder, or s3://bucket[/prefix] (default: ${ARCHIVE_VARIABLE}, or else {DEFAULT_ARCHIVE})"


def parser() -> argparse.ArgumentParser:
    """The parser of ``feedarchive``; a wrong call exits with 2."""
    top = argparse.ArgumentParser(
        prog="feedarchive",
        description="Archives feeds: every article they ever showed, once, as a Markdown file.",
    )
    top.add_argument("--version", action="version", version=f"feedarchive {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_subscription_commands(commands, _archive, _json)
    _fetch(commands.add_parser("fetch", help="poll the feeds that are due, once", description=_FETCH, epilog=_EXIT))
    _digest(commands.add_parser("digest", help="build the digests that are due", description=_DIGEST))
    _status(commands.add_parser("status", help="show the health of every feed", description=_STATUS))
    _forget(commands.add_parser("forget", help="take articles out for good", description=_FORGET))
    return top


_FETCH = (
    "Polls the feeds that are due, once, and archives what is new. The feeds are those of feeds.toml in the archive: "
    "feedarchive add and import write it, and you may edit it."
)
_ALL = "poll the feeds that are not due, too, but no server that asked to be left alone for now"
_EXIT = (
    "Exit status: 0 when the run did its work, even if some feeds failed; 1 when the store failed or every feed did; "
    "2 for a wrong call or a wrong feeds file; 130 when Ctrl-C ended it. With 2 and 130, or a store that failed, "
    "--json prints nothing."
)
_DIGEST = (
    "Builds the digests that are due: of today and the eight days before it, and of days that are over and were never "
    "announced. A digest is made of the files in its day's folder and nothing else: built again, it is the same."
)
_STATUS = (
    "Shows the health of every feed: what fails since when and why, what moved, where entries may have been missed."
)
_FORGET = (
    "Removes articles and their revisions, also from the digests, and remembers that they were removed: no run brings "
    "them back. By link, every article with that link is removed."
)


def _fetch(command: argparse.ArgumentParser) -> None:
    _archive(command)
    _feeds(command)
    command.add_argument("--all", action="store_true", help=_ALL)
    feed_names(command, "--only", "poll just this feed, due or not: its id, URL or title")
    _json(command)


def _digest(command: argparse.ArgumentParser) -> None:
    _archive(command)
    _feeds(command)
    which = command.add_mutually_exclusive_group()
    which.add_argument("--day", metavar="DAY", type=_day, help="build this day's digest only, such as 2025-12-25")
    which.add_argument("--all", action="store_true", help="build the digest of every day in the archive")
    _json(command)


def _status(command: argparse.ArgumentParser) -> None:
    _archive(command)
    _feeds(command)
    _json(command)


def _archive(command: argparse.ArgumentParser) -> None:
    default = os.environ.get(ARCHIVE_VARIABLE) or DEFAULT_ARCHIVE
    command.add_argument("--archive", metavar="LOCATION", default=default, help=_LOCATION)


def _feeds(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--feeds", metavar="FILE", help="another feeds file, or an OPML file, than the archive's own feeds.toml"
    )


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON report, and nothing else, on stdout")


def _day(written: str) -> date:
    try:
        return date.fromisoformat(written)
    except ValueError:
        raise argparse.ArgumentTypeError(f"expected a day such as 2025-12-25, got {written!r}") from None


def _forget(command: argparse.ArgumentParser) -> None:
    _archive(command)
    command.add_argument(
        "articles",
        metavar="FILE-or-LINK",
        nargs="+",
        help="an article's file (its path, name or key in the archive) or its link; all its versions go",
    )
