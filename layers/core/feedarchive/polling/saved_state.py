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
"""How long a host's count of refusals is kept after its rate limit has ended."""


def load_state(store: Store, shard: Shard, feeds: Iterable[Feed] = ()) -> ShardState:
    """Load the state of a shard. If the shard has no state file yet, the state of its parent shard is loaded.

    ``feeds``: the feeds of the shard. If a feed has a former id, its state may be stored under that.
    """
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

    - ``loaded``: the state that the run loaded.
    - ``polled``: the new states of the feeds that were polled, by feed id.
    - ``feed_ids``: the ids of the feeds whose states are kept; None keeps all states.
    - ``hosts``: the new states of hosts, by host; None for a host without rate limit.

    Another run may have saved the state after this run loaded it. Then the states of both runs are merged:

    - For each feed, the state with the later poll is saved.
    - For each host whose state the other run has changed, the state with the longer rate limit is saved.
    """
    kept = None if feed_ids is None else set(feed_ids)

    def merge(stored: Stored | None) -> bytes:
        saved = loaded if stored is loaded.stored else _decode(store, shard, stored).with_former_ids(loaded.former_ids)
        states = {i: state for i, state in saved.feeds.items() if kept is None or i in kept}
        for feed_id, state in polled.items():
            other = states.get(feed_id)
            # The clock may have been set back since the last poll. So if no other run has changed the state, the times
            # are not compared.
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
