"""List the feeds that were found at a URL, and let the user choose."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterator, Sequence

from feedarchive.subscriptions.discovery import Discovery, Finder, FoundFeed
from feedarchive.subscriptions.feed_summary import summary_line
from feedarchive.subscriptions.page_links import FeedLink
from feedarchive.text import count_of, one_line
from feedarchive.url_secrets import public_url

_MAX_LISTED_LINKS = 40


class ChoiceNeeded(Exception):
    """There are several feeds, and no terminal on which the user could choose. The message is one line."""


def describe(found: FoundFeed, indent: str = "", note: str = "") -> None:
    """Print a feed's title, URL, summary and risks."""
    print(f"{indent}{one_line(found.title) or 'without a title'}{f' ({note})' if note else ''}")
    indent = " " * len(indent)
    print(f"{indent}  {one_line(public_url(found.url))}")
    print(f"{indent}  {summary_line(found.summary)}")
    for risk in found.summary.risks:
        print(f"{indent}  warning: {risk}")


def choose(discovery: Discovery, finder: Finder, subscribed: Sequence[str], take_first: bool) -> Sequence[FoundFeed]:
    """Let the user choose feeds, and return the chosen feeds.

    If ``take_first`` is set or only one feed was found, returns the first feed without asking.
    ``subscribed``: the id that each found feed has in the archive; "" if the archive is not subscribed to the feed.
    Raises ChoiceNeeded if the user must choose and there is no terminal.
    """
    feeds, links = discovery.feeds, discovery.not_fetched[:_MAX_LISTED_LINKS]
    if len(feeds) + len(discovery.not_fetched) == 1 or take_first:
        return feeds[:1]
    print(f"{one_line(discovery.page)} has {count_of(len(feeds) + len(discovery.not_fetched), 'feed')}:")
    for number, found in enumerate(feeds, 1):
        describe(found, f"{number:3}  ", _note(found, subscribed[number - 1]))
    for number, link in enumerate(links, len(feeds) + 1):
        print(f"{number:3}  {one_line(link.title) or 'without a title'}  {one_line(public_url(link.url))}")
    if more := len(discovery.not_fetched) - len(links):
        print(f"     and {more:,} more, which are not listed here")
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        raise ChoiceNeeded(
            f"{discovery.page} has several feeds: run feedarchive add with the URL of a feed, "
            "or with --yes to add the first"
        )
    chosen = _ask(len(feeds) + len(links))
    return [*_found(chosen, feeds, links, finder)]


def _found(
    chosen: Sequence[int], feeds: Sequence[FoundFeed], links: Sequence[FeedLink], finder: Finder
) -> Iterator[FoundFeed]:
    for number in chosen:
        if number <= len(feeds):
            yield feeds[number - 1]
            continue
        link = links[number - len(feeds) - 1]
        found = finder.fetch_link(link)
        if isinstance(found, FoundFeed):
            yield found
        else:
            print(f"feedarchive: {public_url(link.url)}: {found}", file=sys.stderr)


def _ask(count: int) -> Sequence[int]:
    """Returns the numbers that the user types: [1] if the user only presses Enter, [] if the user types "n"."""
    while True:
        try:
            typed = input(f"Which ones? Numbers from 1 to {count}, Enter for 1, n for none: ").strip().lower()
        except EOFError:
            print()
            return []
        if typed in ("n", "no", "none", "q"):
            return []
        words = re.split(r"[\s,]+", typed) if typed else ["1"]
        if all(word.isdecimal() and 1 <= int(word) <= count for word in words):
            return list(dict.fromkeys(int(word) for word in words))
        print(f"expected numbers from 1 to {count}, such as: 1 3")


def _note(found: FoundFeed, subscribed_as: str) -> str:
    if subscribed_as:
        return f"already subscribed as {subscribed_as}"
    if found.is_for_comments:
        return "comments"
    return f"the same articles as {public_url(found.same_as)}" if found.same_as else ""
