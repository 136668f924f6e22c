"""What the commands that fetch on request share: the archive's settings for it, and a line for each request."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager

from feedarchive.archive.open_archive import FEEDS_FILE, is_archive
from feedarchive.cli.fetch import now
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.parsing.pool import shared_parser_pool
from feedarchive.polling.fetcher import Fetcher
from feedarchive.store.interface import Store
from feedarchive.subscriptions.discovery import Finder
from feedarchive.subscriptions.feed_list import read_feeds
from feedarchive.text import one_line

_CLEAR_LINE = "\r\x1b[K"


def feeds_if_any(store: Store) -> FeedList:
    """The feeds and settings of the archive; none where there is neither an archive nor a feeds file."""
    if store.read(FEEDS_FILE) is None and not is_archive(store):
        return FeedList(())
    return read_feeds(store)


@contextmanager
def feed_finder(settings: FeedList) -> Iterator[Finder]:
    """A finder of feeds that follows the archive's settings, and says on a terminal what it requests."""
    shows = sys.stdout.isatty() and sys.stderr.isatty()
    fetcher = Fetcher(settings.contact, settings.allow_private_addresses, settings.proxy)

    def looking_at(url: str) -> None:
        if shows:
            print(f"{_CLEAR_LINE}looking at {one_line(url)[:100]} …", end="", file=sys.stderr, flush=True)

    with fetcher:
        yield Finder(fetcher, shared_parser_pool(), now, looking_at)


def clear_line() -> None:
    """Remove the line about the last request from the terminal."""
    if sys.stdout.isatty() and sys.stderr.isatty():
        print(_CLEAR_LINE, end="", file=sys.stderr, flush=True)
