"""Find the feeds that ``fetch --only`` or ``complete --feed`` names."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from feedarchive.feeds.feed import Feed
from feedarchive.polling.shards import Shard
from feedarchive.store.interface import Store
from feedarchive.store.location import InvalidLocation
from feedarchive.subscriptions.feed_lookup import NoSuchFeed, find_feed
from feedarchive.subscriptions.feed_titles import feed_titles


def named_feeds(store: Store, feeds: Sequence[Feed], names: Sequence[str], option: str = "--only") -> set[str]:
    """Return the ids of the feeds with these names. A name is an id, a URL or a title.

    Raises InvalidLocation if a name does not belong to exactly one feed. The message begins with ``option``.
    """
    titles = feed_titles(store, feeds)
    try:
        return {find_feed(name, feeds, titles).id for name in names}
    except NoSuchFeed as error:
        raise InvalidLocation(f"{option}: {error}") from None


def only_feeds(shards: Mapping[Shard, Sequence[Feed]], ids: Collection[str]) -> dict[Shard, list[Feed]]:
    """Keep only the feeds whose ids are in ``ids``. Shards that become empty are removed.

    ``shards``: the shards of the whole archive.
    """
    some = {shard: [feed for feed in feeds if feed.id in ids] for shard, feeds in shards.items()}
    return {shard: feeds for shard, feeds in some.items() if feeds}
