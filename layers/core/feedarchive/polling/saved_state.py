"""Load and save the polling state of a shard. The state is a cache: if it is lost, all feeds are polled again."""

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
"""How long a host's state is kept after its rate limit has ended. After that, HTTP 429s are counted from one again."""


def load_state(store: Store, shard: Shard, feeds: Iterable[Feed] = ()) -> ShardState:
    """Load the state of a shard; ``feeds`` are its feeds. If it has no state file, load that of its parent shard."""
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
    """Save the state of a shard after a run. Raises StoreError.

    - ``loaded``: the state that the run started with.
    - ``polled``: the new states of feeds, by feed id.
    - ``feed_ids``: the feeds whose states are kept; None keeps all.
    - ``hosts``: the new states of hosts. None for a host ends its rate limit.

    If another run saved the state in between, the later poll of each feed is kept. A rate limit that the other run has
    changed is kept if ``hosts`` has None or a shorter one for that host.
    """
    kept = None if feed_ids is None else set(feed_ids)

    def merge(stored: Stored | None) -> bytes:
        saved = loaded if stored is loaded.stored else _decode(store, shard, stored).with_former_ids(loaded.former_ids)
        states = {i: state for i, state in saved.feeds.items() if kept is None or i in kept}
        for feed_id, state in polled.items():
            other = states.get(feed_id)
            # Comparing times is not enough: after the clock was set back, the old state would be kept as the later one.
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
