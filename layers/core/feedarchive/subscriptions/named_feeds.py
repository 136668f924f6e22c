"""Restrict a run to some feeds (``fetch --only``, ``complete --feed``)."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from feedarchive.feeds.feed import Feed
from feedarchive.polling.shards import Shard
from feedarchive.store.interface import Store
from feedarchive.store.location import InvalidLocation
from feedarchive.subscriptions.feed_lookup import NoSuchFeed, find_feed
from feedarchive.subscriptions.feed_titles import feed_titles


def named_feeds(store: Store, feeds: Sequence[Feed], names: Sequence[str], option: str = "--only") -> set[str]:
    """The ids of the feeds that ``names`` refers to. A name is an id, a URL or a title.

    If there is no such feed, raises InvalidLocation; the message says that ``option`` was wrong.
    """
    titles = feed_titles(store, feeds)
    try:
        return {find_feed(name, feeds, titles).id for name in names}
    except NoSuchFeed as error:
        raise InvalidLocation(f"{option}: {error}") from None


def only_feeds(shards: Mapping[Shard, Sequence[Feed]], ids: Collection[str]) -> dict[Shard, list[Feed]]:
    """The shards with only those of their feeds that are in ``ids``. Shards without such feeds are left out.

    The shards must have been made of all feeds, because the number of feeds decides which shard a feed is in.
    """
    some = {shard: [feed for feed in feeds if feed.id in ids] for shard, feeds in shards.items()}
    return {shard: feeds for shard, feeds in some.items() if feeds}
