"""Find the titles of feeds. A feed that has no title in feeds.toml has the title of its last document."""

from __future__ import annotations

from collections.abc import Iterable

from feedarchive.feeds.feed import Feed
from feedarchive.polling.saved_state import load_state
from feedarchive.polling.shards import shards_of
from feedarchive.store.interface import Store


def feed_titles(store: Store, feeds: Iterable[Feed]) -> dict[str, str]:
    """The titles of the feeds, by feed id; "" if a title is not known yet."""
    titles: dict[str, str] = {}
    for shard, some in shards_of(feeds).items():
        states = load_state(store, shard, some)
        titles |= {feed.id: feed.title or states.of(feed).title for feed in some}
    return titles
