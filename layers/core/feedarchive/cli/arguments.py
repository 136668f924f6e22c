"""The words of the command line."""

from __future__ import annotations

import argparse

from feedarchive import __version__

DEFAULT_ARCHIVE = "./my-archive"
_LOCATION = f"a folder, or s3://bucket[/prefix] (default: {DEFAULT_ARCHIVE})"


def parser() -> argparse.ArgumentParser:
    """The parser of ``feedarchive``; a wrong call exits with 2."""
    top = argparse.ArgumentParser(
        prog="feedarchive",
        description="Archives feeds: every article they ever showed, once, as a Markdown file.",
    )
    top.add_argument("--version", action="version", version=f"feedarchive {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    _fetch(commands.add_parser("fetch", help="poll the feeds that are due, once", description=_FETCH, epilog=_EXIT))
    _forget(commands.add_parser("forget", help="take articles out for good", description=_FORGET))
    return top


_FETCH = (
    "Polls the feeds that are due, once, and archives what is new. The feeds are those of feeds.toml in the archive; "
    "a new archive starts with a list of well-known ones, to be edited."
)
_EXIT = (
    "Exit status: 0 when the run did its work, even if some feeds failed; 1 when the store failed or every feed did; "
    "2 for a wrong call or a wrong feeds file."
)
_FORGET = (
    "Removes articles and their revisions, and remembers that they were removed: no run brings them back. "
    "By link, every article with that link is removed."
)


def _fetch(command: argparse.ArgumentParser) -> None:
    command.add_argument("--archive", metavar="LOCATION", default=DEFAULT_ARCHIVE, help=_LOCATION)
    command.add_argument("--feeds", metavar="FILE", help="another feeds file than the archive's own feeds.toml")
    command.add_argument("--all", action="store_true", help="poll the feeds that are not due, too")
    command.add_argument("--json", action="store_true", help="print one JSON report, and nothing else, on stdout")


def _forget(command: argparse.ArgumentParser) -> None:
    command.add_argument("--archive", metavar="LOCATION", default=DEFAULT_ARCHIVE, help=_LOCATION)
    command.add_argument(
        "articles", metavar="KEY-or-LINK", nargs="+", help="a file's key or path, or an article's link"
    )
