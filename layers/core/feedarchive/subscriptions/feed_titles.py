"""Find the titles of feeds. If feeds.toml gives no title, the title in the last feed document is used."""

from __future__ import annotations

from collections.abc import Iterable

from feedarchive.feeds.feed import Feed
from feedarchive.polling.saved_state import load_state
from feedarchive.polling.shards import shards_of
from feedarchive.store.interface import Store


def feed_titles(store: Store, feeds: Iterable[Feed]) -> dict[str, str]:
    """Return the title of each feed, by feed id. A title that is not known yet is ""."""
    titles: dict[str, str] = {}
    for shard, some in shards_of(feeds).items():
        states = load_state(store, shard, some)
        titles |= {feed.id: feed.title or states.of(feed).title for feed in some}
    return titles
