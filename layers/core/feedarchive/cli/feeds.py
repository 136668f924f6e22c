"""``feedarchive feeds``: list the subscriptions."""

from __future__ import annotations

import argparse
import json

from rich.console import Console

from feedarchive.cli.table import LOG_WIDTH, Column, Row, print_table
from feedarchive.store.location import open_store
from feedarchive.subscriptions.feed_list import read_feeds
from feedarchive.subscriptions.feed_titles import feed_titles
from feedarchive.text import count_of, one_line

_COLUMNS = (Column("id"), Column("title"), Column("tags"), Column("URL"))
_MIN_COLUMNS_FOR_TABLE = 120


def feeds(arguments: argparse.Namespace) -> int:
    """List the subscriptions in the order of feeds.toml."""
    store = open_store(arguments.archive)
    listed = read_feeds(store).feeds
    titles = feed_titles(store, listed)
    if arguments.json:
        document = [
            {
                "id": feed.id,
                "url": feed.public_url,
                "title": titles[feed.id],
                "home_page": feed.home_page,
                "tags": list(feed.tags),
            }
            for feed in listed
        ]
        print(json.dumps({"feeds": document}))
        return 0
    console = Console(highlight=False)
    if not console.is_terminal:
        console = Console(highlight=False, width=LOG_WIDTH)
    if console.width < _MIN_COLUMNS_FOR_TABLE:
        for feed in listed:
            words = [feed.id, titles[feed.id], f"[{', '.join(feed.tags)}]" if feed.tags else ""]
            print("  ".join(one_line(word) for word in words if word))
            print(f"    {one_line(feed.public_url)}")
    elif listed:
        rows = [Row((feed.id, titles[feed.id], ", ".join(feed.tags)), feed.public_url) for feed in listed]
        print_table(console, _COLUMNS, rows)
    hint = "" if listed else ": run feedarchive add URL to subscribe to one"
    print(f"{count_of(len(listed), 'feed') if listed else 'no feeds yet'}{hint}")
    return 0
