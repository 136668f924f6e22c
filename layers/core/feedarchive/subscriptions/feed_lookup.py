"""Find a subscribed feed by its id, URL or title. Pure functions."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from feedarchive.feeds.feed import Feed
from feedarchive.subscriptions.feed_urls import InvalidUrl, spelling_key, urls_to_try
from feedarchive.url_secrets import public_url


class NoSuchFeed(Exception):
    """No feed has this id, URL or title, or several feeds have this title. The message has one line."""


def find_feed(name: str, feeds: Sequence[Feed], titles: Mapping[str, str]) -> Feed:
    """Find the feed that has ``name`` as its id, URL or title. Raises NoSuchFeed.

    Upper and lower case do not matter. A URL may be spelled differently, for example without "https://".

    ``titles``: the title of each feed, by feed id.
    """
    wanted = name.strip()
    for feed in feeds:
        if feed.id == wanted:
            return feed
    found = [feed for feed in feeds if feed.id.lower() == wanted.lower()]
    found = found or _by_url(wanted, feeds)
    found = found or [feed for feed in feeds if titles.get(feed.id, feed.title).casefold() == wanted.casefold()]
    if len(found) == 1:
        return found[0]
    wanted = public_url(wanted)
    if found:
        raise NoSuchFeed(f"{wanted!r} is the title of several feeds: give an id ({', '.join(f.id for f in found)})")
    raise NoSuchFeed(f"{wanted!r} is not the id, URL or title of a subscribed feed: run feedarchive feeds to list them")


def _by_url(wanted: str, feeds: Sequence[Feed]) -> list[Feed]:
    try:
        keys = {spelling_key(url) for url in urls_to_try(wanted)}
    except InvalidUrl:
        return []
    return [feed for feed in feeds if keys.intersection(url_keys(feed))]


def url_keys(feed: Feed) -> tuple[str, str]:
    """Return the ``spelling_key`` of a feed's URL with secrets, and of the same URL with masked secrets."""
    return spelling_key(feed.url), spelling_key(feed.public_url)
