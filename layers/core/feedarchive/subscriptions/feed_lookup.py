"""Find a subscribed feed by its id, URL or title. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from feedarchive.feeds.feed import Feed
from feedarchive.subscriptions.feed_urls import InvalidUrl, spelling_key, urls_to_try
from feedarchive.url_secrets import public_url


class NoSuchFeed(Exception):
    """No feed, or more than one, has this id, URL or title. The message is one line."""


def find_feed(name: str, feeds: Sequence[Feed], titles: Mapping[str, str]) -> Feed:
    """The feed with this id, URL (in any spelling) or title (in any case). Raises NoSuchFeed.

    ``titles`` has the titles of feeds by id (see feed_titles.py).
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
    """Two spelling keys: of the feed's URL in feeds.toml, and of the URL with its secrets masked, as it is shown."""
    return spelling_key(feed.url), spelling_key(feed.public_url)
