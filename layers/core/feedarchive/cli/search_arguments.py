"""The arguments of ``feedarchive search``."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable

from feedarchive.cli.export_arguments import add_dates
from feedarchive.cli.subscription_arguments import complete_feed_ids

_Option = Callable[[argparse.ArgumentParser], None]

_SEARCH = (
    "Find articles whose titles and texts have all of the words, in any order; the best match comes first. '\"old "
    "bridge\"' is a phrase, 'bridg*' the beginning of a word, and -ferry excludes a word. Case and accents do not "
    "matter. Without words, the newest articles are listed. Only the last version of each article is searched."
)
_SEARCH_EXIT = (
    "The index of the search is the file state/search.sqlite in the archive. Every search brings it up to date, and "
    "you may delete it. Exit status 1 if nothing was found."
)
_EXCLUDED_WORD = re.compile("-[^-]")


def add_search_command(
    commands: argparse._SubParsersAction[argparse.ArgumentParser], archive: _Option, json: _Option
) -> None:
    """Add the command ``search``. ``archive`` and ``json`` are functions that add ``--archive`` and ``--json``."""
    command = commands.add_parser(
        "search", help="find articles by their words", description=_SEARCH, epilog=_SEARCH_EXIT, add_help=False
    )
    # Let argparse treat "-ferry" (an excluded word) like a negative number: as an argument, not as an option.
    # There is no option -h, because argparse would read "-hello" as -h.
    command._negative_number_matcher = _EXCLUDED_WORD
    command.add_argument("--help", action="help", help="show this help message and exit")
    command.add_argument("words", metavar="WORDS", nargs="*", help="what to search for")
    archive(command)
    command.add_argument("--site", metavar="SITE", default="", help="only articles of this site, such as example.org")
    feed = command.add_argument(
        "--feed", metavar="FEED", default="", help="only this feed's articles: id, URL or title"
    )
    feed.completer = complete_feed_ids  # type: ignore[attr-defined]
    command.add_argument("--tag", metavar="TAG", default="", help="only articles with this tag")
    add_dates(command)
    command.add_argument(
        "--all-versions", action="store_true", help="search every version of an article, not only the last one"
    )
    command.add_argument("--limit", metavar="N", type=_positive, default=10, help="at most N articles (default: 10)")
    json(command)
    command.add_argument("--open", action="store_true", help="open the first article in the browser")


def _positive(text: str) -> int:
    if not text.isdecimal() or not 0 < int(text) <= 1_000_000:
        raise argparse.ArgumentTypeError(f"expected a number of at least 1, got {text!r}")
    return int(text)
