"""``feedarchive remove``: end subscriptions."""

from __future__ import annotations

import argparse
import sys

from feedarchive.archive.open_archive import open_for_reading
from feedarchive.store.location import open_store
from feedarchive.subscriptions.article_counts import articles_by_source
from feedarchive.subscriptions.feed_list import read_feeds, unsubscribe
from feedarchive.subscriptions.feed_lookup import NoSuchFeed, find_feed
from feedarchive.subscriptions.feed_titles import feed_titles
from feedarchive.text import count_of, one_line


def remove(arguments: argparse.Namespace) -> int:
    """Remove feeds from feeds.toml, and print how many of their articles stay in the archive.

    Returns 1 if feeds.toml lacks one of the named feeds, otherwise 0.
    """
    store = open_store(arguments.archive)
    time_zone = open_for_reading(store).time_zone.key
    feeds = read_feeds(store).feeds
    titles = feed_titles(store, feeds)
    found, status = {}, 0
    for name in arguments.feeds:
        try:
            feed = find_feed(name, feeds, titles)
            found[feed.id] = feed
        except NoSuchFeed as error:
            print(f"feedarchive: {error}", file=sys.stderr)
            status = 1
    if found:
        unsubscribe(store, found.keys())
        counts = articles_by_source(store, time_zone)
        for feed in found.values():
            title = f' ("{one_line(titles[feed.id])}")' if titles[feed.id] else ""
            kept = counts[feed.public_url]
            print(f"removed {feed.id}{title}; {_kept(kept)}")
    return status


def _kept(articles: int) -> str:
    if not articles:
        return "the archive has no articles of this feed"
    return f"its {count_of(articles, 'article')} {'stays' if articles == 1 else 'stay'} in the archive"
