"""For ``add`` and ``preview``: find feeds with the settings of the archive, and show requests on the terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager

from feedarchive.archive.manifest import is_archive
from feedarchive.archive.stored_feeds import FEEDS_FILE
from feedarchive.clock import now
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.parsing.pool import shared_parser_pool
from feedarchive.polling.fetcher import Fetcher
from feedarchive.store.interface import Store
from feedarchive.subscriptions.discovery import Finder
from feedarchive.subscriptions.feed_list import read_feeds
from feedarchive.text import one_line

_CLEAR_LINE = "\r\x1b[K"


def feeds_if_any(store: Store) -> FeedList:
    """Returns the feeds and settings of the archive.

    If there is neither an archive nor a feeds file, there are no feeds, and the settings are the defaults.
    """
    if store.read(FEEDS_FILE) is None and not is_archive(store):
        return FeedList(())
    return read_feeds(store)


@contextmanager
def feed_finder(settings: FeedList) -> Iterator[Finder]:
    """Yields a feed finder with the settings of the archive. On a terminal, each requested URL is printed."""
    on_terminal = _on_terminal()
    fetcher = Fetcher(settings.contact, settings.allow_private_addresses, settings.proxy)

    def on_request(url: str) -> None:
        if on_terminal:
            print(f"{_CLEAR_LINE}requesting {one_line(url)[:100]} …", end="", file=sys.stderr, flush=True)

    with closing(fetcher):
        yield Finder(fetcher, shared_parser_pool(), now, on_request)


def clear_line() -> None:
    """Remove the line about the last request from the terminal."""
    if _on_terminal():
        print(_CLEAR_LINE, end="", file=sys.stderr, flush=True)


def _on_terminal() -> bool:
    return sys.stdout.isatty() and sys.stderr.isatty()
