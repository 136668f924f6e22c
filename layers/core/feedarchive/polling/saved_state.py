"""Load and save the polling state of a shard. It is a cache: without it, feeds are polled again and nothing is lost."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import NEVER, FeedState, HostState, ShardState
from feedarchive.polling.shards import Shard
from feedarchive.polling.state_json import from_bytes, to_bytes
from feedarchive.store.interface import Store, Stored
from feedarchive.store.update import update

_HOSTS_KEPT_FOR = timedelta(days=2)
"""How long a host's state is kept after its rate limit has ended. Later, HTTP 429 counts as the first one again."""


def load_state(store: Store, shard: Shard, feeds: Iterable[Feed] = ()) -> ShardState:
    """Load the state of a shard, which has these feeds; if there is none, that of its parent."""
    former_ids = {feed.former_id: feed.id for feed in feeds if feed.former_id}
    return _decode(store, shard, store.read(shard.state_key)).with_former_ids(former_ids)


def save_state(
    store: Store,
    shard: Shard,
    loaded: ShardState,
    polled: Mapping[str, FeedState],
    feed_ids: Iterable[str] | None,
    hosts: Mapping[str, HostState | None] | None = None,
) -> None:
    """Save new states (``polled``, by feed id) over the ``loaded`` ones.

    If another run saved in between, merge both: keep the later poll of each feed and the longer rate limit of each
    host. Feeds that are not in ``feed_ids`` are dropped; None keeps all. None in ``hosts`` ends the rate limit of a
    host, unless another run has set it since. Raises StoreError.
    """
    kept = None if feed_ids is None else set(feed_ids)

    def merge(stored: Stored | None) -> bytes:
        saved = loaded if stored is loaded.stored else _decode(store, shard, stored).with_former_ids(loaded.former_ids)
        states = {i: state for i, state in saved.feeds.items() if kept is None or i in kept}
        for feed_id, state in polled.items():
            other = states.get(feed_id)
            # Comparing times is not enough: if the clock was set back, an old state would be kept forever.
            if other is None or other == loaded.feeds.get(feed_id) or other.last_poll <= state.last_poll:
                states[feed_id] = state
        return to_bytes(states, _merge_hosts(loaded.hosts, saved.hosts, hosts or {}, states.values()))

    update(store, shard.state_key, merge, already_read=loaded.stored)


def _decode(store: Store, shard: Shard, stored: Stored | None) -> ShardState:
    if stored is None and (parent := shard.parent):
        inherited = store.read(parent.state_key)
        return from_bytes(inherited.data, None) if inherited else ShardState({}, None)
    return from_bytes(stored.data, stored) if stored else ShardState({}, None)


def _merge_hosts(
    loaded: Mapping[str, HostState],
    saved: Mapping[str, HostState],
    polled: Mapping[str, HostState | None],
    states: Iterable[FeedState],
) -> dict[str, HostState]:
    merged = dict(saved)
    for host, ours in polled.items():
        other = merged.pop(host, None)
        changed_by_other = other != loaded.get(host)
        keep_other = other and changed_by_other and (ours is None or other.until > ours.until)
        newest = other if keep_other else ours
        if newest:
            merged[host] = newest
    latest = max((state.last_poll for state in states), default=NEVER)
    return {host: each for host, each in merged.items() if each.until > latest - _HOSTS_KEPT_FOR}
