"""The options of the command line. docs/cli.md is generated from this parser."""

from __future__ import annotations

import argparse

from feedarchive import __version__
from feedarchive.cli.complete_arguments import add_complete_command
from feedarchive.cli.copy_arguments import add_copy_commands, day_argument
from feedarchive.cli.default_archive import ARCHIVE_VARIABLE, DEFAULT_ARCHIVE, default_archive
from feedarchive.cli.replay_arguments import add_replay_command
from feedarchive.cli.search_arguments import add_search_command
from feedarchive.cli.serve_arguments import add_serve_command
from feedarchive.cli.subscription_arguments import add_completion_command, add_feed_names, add_subscription_commands

EXIT_STATUSES = {
    0: "The command did its work, even if some feeds failed.",
    1: "Storage failed, every feed failed, a URL has no feed, or no article or feed was found. For "
    "`digest` and `status`: something needs your attention.",
    2: "Usage error, an invalid feeds file or OPML file, or `fetch` found no archive.",
    130: "Interrupted by Ctrl-C.",
    143: "Terminated by SIGTERM.",
    141: "The output was piped to a program that ended early; the command itself finished its work.",
}


def parser() -> argparse.ArgumentParser:
    """Make the parser of the command line. After a usage error, the parser exits with status 2."""
    top = argparse.ArgumentParser(
        prog="feedarchive",
        description="Archive RSS, Atom and JSON feeds: every article exactly once, as a Markdown file.",
    )
    top.add_argument("--version", action="version", version=f"feedarchive {__version__}")
    commands = top.add_subparsers(dest="command", required=True, metavar="COMMAND")
    add_subscription_commands(commands, _archive, _json)
    _fetch(commands.add_parser("fetch", help="poll the feeds that are due", description=_FETCH, epilog=_EXIT))
    add_complete_command(commands, _archive, _quiet, _json)
    _digest(commands.add_parser("digest", help="build the digests that are due", description=_DIGEST))
    _status(commands.add_parser("status", help="show the health of every feed", description=_STATUS))
    _history(commands.add_parser("history", help="list all versions of an article", description=_HISTORY))
    _diff(commands.add_parser("diff", help="show what changed in an article", description=_DIFF))
    add_search_command(commands, _archive, _json)
    add_serve_command(commands, _archive)
    _forget(commands.add_parser("forget", help="remove articles for good", description=_FORGET))
    add_copy_commands(commands, _archive, _json)
    add_replay_command(commands, _feeds, _json)
    add_completion_command(commands)
    return top


_FETCH = (
    "Poll each feed that is due, and archive what is new. The file feeds.toml in the archive lists the feeds: "
    "feedarchive add and import write this file, and you may edit it."
)
_EXIT = (
    "Exit status: 0 if the run did its work, even if some feeds failed; 1 if storage or every feed failed; 2 for a "
    "usage error or an invalid feeds file; 130 after Ctrl-C. With 2 or 130, or if storage failed, --json prints "
    "nothing."
)
_DIGEST = (
    "A digest lists the articles of one day. Build the digests of today, of the eight days before, and of older days "
    "that were not announced yet. When a day is over, its digest is announced once, in the log. Exit status 1 if a "
    "file that a digest lists is missing or changed: the digest still lists this file, and a message says what to do."
)
_STATUS = (
    "Show the health of every feed: which feeds fail and why, which have moved, and which may have lost entries. "
    "Exit status 1 if something needs your attention: a feed that is gone or has failed for three days, a mistake in "
    "feeds.toml, files that are missing or changed."
)
_HISTORY = (
    "List all versions and full texts of an article: when each was archived, its size, how many words changed, and "
    "its file. Name the article by any of its files, or by its link."
)
_DIFF = (
    "Show what changed in an article, word by word: [-removed-] and {+added+}. If you name the file of a revision, "
    "this revision is compared with the version before it. If you name the first file or the link, the last version is "
    "compared with the version before it."
)
_FORGET = (
    "Remove articles from the archive and its digests, with their revisions, their full texts, and the stored pictures "
    "that no other article uses. A removed article is never archived again. If you give a link, every article with "
    "this link is removed."
)


def _fetch(command: argparse.ArgumentParser) -> None:
    _archive(command)
    _feeds(command)
    command.add_argument(
        "--all",
        action="store_true",
        help="also poll feeds that are not due; feeds on hosts that rate limit us still wait",
    )
    add_feed_names(command, "--only", "poll only these feeds, due or not: their ids, URLs or titles")
    command.add_argument(
        "--force",
        action="store_true",
        help="with --only: poll even if the server asked us to wait; each ignored wait is printed",
    )
    command.add_argument(
        "--trust-clock",
        action="store_true",
        help="run even if times in the archive are more than a day ahead of this machine's clock",
    )
    _quiet(command)
    _json(command)


def _digest(command: argparse.ArgumentParser) -> None:
    _archive(command)
    _feeds(command)
    which = command.add_mutually_exclusive_group()
    which.add_argument(
        "--day", metavar="DAY", type=day_argument, help="build the digest of this day only, such as 2025-12-25"
    )
    which.add_argument("--all", action="store_true", help="build the digest of every day in the archive")
    command.add_argument(
        "--accept",
        action="store_true",
        help="with --day: accept that files of this day are missing or changed; the digest then lists the files that "
        "are there now, and the day's record in days/ names the accepted files",
    )
    _quiet(command)
    _json(command)


def _status(command: argparse.ArgumentParser) -> None:
    _archive(command)
    _feeds(command)
    _json(command)


def _forget(command: argparse.ArgumentParser) -> None:
    _archive(command)
    command.add_argument(
        "articles",
        metavar="FILE-or-LINK",
        nargs="+",
        help="the file of an article (its path or name), or the link of an article; all its versions are removed",
    )


def _history(command: argparse.ArgumentParser) -> None:
    _archive(command)
    _article(command)
    _json(command)


def _diff(command: argparse.ArgumentParser) -> None:
    _archive(command)
    _article(command)
    command.add_argument("--from", dest="start", metavar="N", type=_version, help="the older version, such as 1")
    command.add_argument("--to", metavar="N", type=_version, help="the newer version, such as 3")
    _json(command)


def _article(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "article",
        metavar="FILE-or-LINK",
        help="the file of any version (its path or name), or the article's link",
    )


def _archive(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--archive",
        metavar="LOCATION",
        default=default_archive(),
        help=f"a folder, or s3://bucket[/prefix] (default: ${ARCHIVE_VARIABLE}; if that is not set, {DEFAULT_ARCHIVE})",
    )


def _feeds(command: argparse.ArgumentParser) -> None:
    command.add_argument(
        "--feeds", metavar="FILE", help="a feeds file, or an OPML file, to use instead of feeds.toml in the archive"
    )


def _quiet(command: argparse.ArgumentParser) -> None:
    command.add_argument("-q", "--quiet", action="store_true", help="print only problems, on stderr")


def _json(command: argparse.ArgumentParser) -> None:
    command.add_argument("--json", action="store_true", help="print one JSON report, and nothing else, on stdout")


def _version(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) < 10**6:
        raise argparse.ArgumentTypeError(f"expected the number of a version, such as 2, got {text!r}")
    return int(text)
