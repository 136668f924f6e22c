"""The arguments of ``feedarchive complete``, which fetches full texts and pictures."""

from __future__ import annotations

import argparse
from collections.abc import Callable

from feedarchive.cli.copy_arguments import day_argument
from feedarchive.cli.subscription_arguments import add_feed_names

_Option = Callable[[argparse.ArgumentParser], None]

_COMPLETE = (
    "Fetch the full texts and pictures that archived articles lack, the newest articles first. This is done for "
    "feeds whose options in feeds.toml ask for full texts or pictures. For new articles, feedarchive fetch does this "
    "already. Requests to one host are at least five seconds apart: a thousand articles of one host take an hour and "
    "a half. You may interrupt the command: it continues when you run it again."
)


def add_complete_command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], archive: _Option, quiet: _Option, json: _Option
) -> None:
    """Add the command ``complete``."""
    command = commands.add_parser(
        "complete", help="fetch the full texts and pictures of archived articles", description=_COMPLETE
    )
    archive(command)
    add_feed_names(command, "--feed", "only articles of these feeds: their ids, URLs or titles")
    command.add_argument(
        "--since", metavar="DAY", type=day_argument, help="only articles archived since this day, such as 2025-12-25"
    )
    command.add_argument("--limit", metavar="N", type=_count, help="stop after this number of articles")
    command.add_argument(
        "--dry-run", action="store_true",
        help="only print how many pages and pictures are missing, and how large the pictures may be",
    )  # fmt: skip
    quiet(command)
    json(command)


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 0 < int(text) < 10**9):
        raise argparse.ArgumentTypeError(f"expected a number of articles, such as 100, got {text!r}")
    return int(text)
