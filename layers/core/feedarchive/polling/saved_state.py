"""Polling state, by shard: read once, saved once. A cache that saves work, nothing more."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import timedelta

from feedarchive.polling.feed_state import NEVER, FeedState, HostState, ShardState
from feedarchive.polling.shards import Shard
from feedarchive.polling.state_json import from_bytes, to_bytes
from feedarchive.store.interface import Store, StoreError

_ROUNDS = 10
# A host that was asked to be left alone this long ago starts anew.
_HOSTS_KEPT = timedelta(days=2)


def load_state(store: Store, shard: Shard) -> ShardState:
    """A shard's state, its parent's when it has none; empty when there is nothing to be read."""
    own = store.read(shard.state_key)
    if own is None and (parent := shard.parent):
        inherited = store.read(parent.state_key)
        return from_bytes(inherited.data, None) if inherited else ShardState({}, None)
    return from_bytes(own.data, own.version) if own else ShardState({}, None)


def save_state(
    store: Store,
    shard: Shard,
    loaded: ShardState,
    changed: Mapping[str, FeedState],
    feed_ids: Iterable[str] | None,
    hosts: Mapping[str, HostState | None] | None = None,
) -> None:
    """Save what a run learnt over the state it loaded. If another run was quicker, merge with what it
    saved: of two polls of a feed the newer wins, of two times to leave a host alone the later.

    Feeds that are no longer subscribed (not in ``feed_ids``; None: nobody knows) are left out. None in ``hosts`` is
    a host that answered again: what this run had loaded of it is dropped, not what another learnt since.
    """
    kept, before = None if feed_ids is None else set(feed_ids), loaded
    for _ in range(_ROUNDS):
        merged = {i: s for i, s in loaded.feeds.items() if kept is None or i in kept}
        for feed_id, state in changed.items():
            other = merged.get(feed_id)
            # Not newer by the clock alone: after it was set back, that would keep an old state for ever.
            if other is None or other == before.feeds.get(feed_id) or other.tried <= state.tried:
                merged[feed_id] = state
        data = to_bytes(merged, _merged_hosts(before.hosts, loaded.hosts, hosts or {}, merged.values()))
        if loaded.version is None:
            saved = store.create(shard.state_key, data)
        else:
            saved = store.replace(shard.state_key, data, loaded.version)
        if saved:
            return
        loaded = load_state(store, shard)
    raise StoreError(f"cannot save {shard.state_key}: other writers were in the way {_ROUNDS} times")


def _merged_hosts(
    before: Mapping[str, HostState],
    saved: Mapping[str, HostState],
    learnt: Mapping[str, HostState | None],
    states: Iterable[FeedState],
) -> dict[str, HostState]:
    merged = dict(saved)
    for host, now in learnt.items():
        other = merged.pop(host, None)
        newest = other if other != before.get(host) and (now is None or (other and other.until > now.until)) else now
        if newest:
            merged[host] = newest
    latest = max((state.tried for state in states), default=NEVER)
    return {host: each for host, each in merged.items() if each.until > latest - _HOSTS_KEPT}
