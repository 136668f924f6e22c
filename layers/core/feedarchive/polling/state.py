"""Polling state: what is remembered of each feed so that less work is done. A cache, nothing more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from feedarchive.polling.shards import Shard
from feedarchive.store.interface import Store, StoreError

_VERSION = 1
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_ROUNDS = 10


@dataclass(frozen=True)
class FeedState:
    """What the polls of one feed have shown so far. Validators are byte for byte the server's.

    ``tried`` and ``succeeded`` are the last poll and the last good one; ``failing_since``, ``error_kind``
    and ``error`` tell of a feed that fails now. ``known`` are the entries of the last document that need no
    second look, by mark, with their article's id; ``wordings`` the wording of every article in it, by id.
    ``noisy`` says that most entries had other words than at the poll before. ``gap`` is when a poll last
    showed no entry that was known; ``moved_to`` where a permanent redirect leads; ``gone`` since when
    the server says the feed is gone for good.
    """

    tried: datetime = NEVER
    succeeded: datetime = NEVER
    failing_since: datetime | None = None
    error_kind: str = ""
    error: str = ""
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    known: Mapping[str, str] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)
    noisy: bool = False
    gap: datetime | None = None
    moved_to: str = ""
    gone: datetime | None = None


_TIMES = ("tried", "succeeded", "failing_since", "gap", "gone")


@dataclass(frozen=True)
class ShardState:
    """The states of a shard's feeds by feed id, and the version they were read at (None: no object)."""

    feeds: Mapping[str, FeedState]
    version: str | None


def load_state(store: Store, shard: Shard) -> ShardState:
    """A shard's state, its parent's when it has none; empty when there is nothing to be read."""
    own = store.read(shard.state_key)
    if own is None and (parent := shard.parent):
        inherited = store.read(parent.state_key)
        return ShardState(_from_bytes(inherited.data) if inherited else {}, None)
    return ShardState(_from_bytes(own.data), own.version) if own else ShardState({}, None)


def save_state(
    store: Store, shard: Shard, loaded: ShardState, changed: Mapping[str, FeedState], feed_ids: Iterable[str]
) -> None:
    """Save what a run learnt over the state it loaded. If another run was quicker, merge with what it
    saved: of two polls of a feed the newer wins.

    Feeds that are no longer subscribed (not in ``feed_ids``) are left out.
    """
    kept = set(feed_ids)
    for _ in range(_ROUNDS):
        merged = {i: s for i, s in loaded.feeds.items() if i in kept}
        for feed_id, state in changed.items():
            if feed_id not in merged or merged[feed_id].tried <= state.tried:
                merged[feed_id] = state
        data = _to_bytes(merged)
        if loaded.version is None:
            saved = store.create(shard.state_key, data)
        else:
            saved = store.replace(shard.state_key, data, loaded.version)
        if saved:
            return
        loaded = load_state(store, shard)
    raise StoreError(f"cannot save {shard.state_key}: other writers were in the way {_ROUNDS} times")


def _to_bytes(feeds: Mapping[str, FeedState]) -> bytes:
    plain = {feed_id: _plain(state) for feed_id, state in sorted(feeds.items())}
    return (json.dumps({"version": _VERSION, "feeds": plain}, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _plain(state: FeedState) -> dict[str, Any]:
    """Only what differs from a feed never polled: state is read and written all the time."""
    differing = {name: value for name, value in vars(state).items() if value != getattr(_BLANK, name)}
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in differing.items()}


def _from_bytes(data: bytes) -> dict[str, FeedState]:
    """Whatever cannot be read counts as lost: a cache may be."""
    try:
        loaded = json.loads(data)
        if loaded["version"] != _VERSION:
            return {}
        return {str(feed_id): _from_plain(fields) for feed_id, fields in loaded["feeds"].items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        return {}


def _from_plain(fields: dict[str, Any]) -> FeedState:
    times = {name: datetime.fromisoformat(fields[name]) for name in _TIMES if name in fields}
    return FeedState(**{**fields, **times})


_BLANK = FeedState()
