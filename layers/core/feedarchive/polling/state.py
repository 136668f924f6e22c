"""Polling state: what is remembered of each feed and host so that less work is done. A cache, nothing more."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from datetime import UTC, datetime, timedelta
from typing import Any

from feedarchive.feeds.feed import Feed
from feedarchive.feeds.values import without_credentials
from feedarchive.identity.addresses import host_of
from feedarchive.polling.shards import Shard
from feedarchive.store.interface import Store, StoreError

_VERSION = 1
NEVER = datetime(1970, 1, 1, tzinfo=UTC)
_ROUNDS = 10
# A host that was asked to be left alone this long ago starts anew.
_HOSTS_KEPT = timedelta(days=2)


@dataclass(frozen=True)
class FeedState:
    """What the polls of one feed have shown so far. Validators are byte for byte the server's.

    ``tried`` and ``succeeded`` are the last poll and the last good one; ``failing_since``, ``failures`` (in a row),
    ``error_kind``, ``error_status`` (of the answer, 0 without one) and ``error`` tell of a feed that fails now, and
    ``retry_after`` how long its server asked to be left alone then. ``fresh_for`` is how long the last good answer
    stays fresh, ``every`` how often the document says to poll it.

    ``known`` are the entries of the last document that need no second look, by mark, with their article's id;
    ``wordings`` the wording of every article in it, by id, ``seals`` what tells by their bytes alone that entries are
    known (see reading.shortened). ``news`` is the last poll with an entry the one before
    did not show, ``turnover`` the time in which all of the document's entries are replaced, as last seen. ``newcomer``
    is a feed polled well only once. ``noisy`` says that most entries had other words than at the poll before. ``gap``
    is when a poll last showed no entry that was known. ``damage`` is what was wrong with the last document when it had
    to be guessed at, ``title`` is that document's. ``rules`` are the ``Feed.rules`` by which entries were kept out.

    ``url`` is the subscribed address all this is about. ``address`` is polled in its place, once a permanent redirect
    is proven; ``moved_to`` is where one leads since ``moved_since`` that is not proven yet. ``gone`` is since when the
    server says the feed is gone for good.
    """

    tried: datetime = NEVER
    succeeded: datetime = NEVER
    failing_since: datetime | None = None
    failures: int = 0
    error_kind: str = ""
    error_status: int = 0
    error: str = ""
    retry_after: timedelta | None = None
    fresh_for: timedelta | None = None
    every: timedelta | None = None
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    known: Mapping[str, str] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)
    seals: Mapping[str, str] = field(default_factory=dict)
    news: datetime | None = None
    turnover: timedelta | None = None
    newcomer: bool = False
    noisy: bool = False
    gap: datetime | None = None
    damage: str = ""
    rules: str = ""
    title: str = ""
    url: str = ""
    address: str = ""
    moved_to: str = ""
    moved_since: datetime | None = None
    gone: datetime | None = None


_TIMES = ("tried", "succeeded", "failing_since", "news", "gap", "moved_since", "gone")
_SPANS = ("retry_after", "fresh_for", "every", "turnover")  # kept in whole seconds


@dataclass(frozen=True)
class HostState:
    """A host that answered 429, ``refusals`` times in a row: nothing on it is asked before ``until``."""

    until: datetime
    refusals: int = 1


@dataclass(frozen=True)
class ShardState:
    """The states of a shard's feeds by feed id, of hosts that want to be left alone by host, and the version
    they were read at (None: no object)."""

    feeds: Mapping[str, FeedState]
    version: str | None
    hosts: Mapping[str, HostState] = field(default_factory=dict)

    def of(self, feed: Feed) -> FeedState:
        """A feed's state. Of a feed whose URL was changed only what it showed is left: all else was of the old one."""
        state, url = self.feeds.get(feed.id), without_credentials(feed.url)
        if state is None:
            return FeedState(url=url)
        if state.url not in ("", url):
            return FeedState(url=url, known=state.known, wordings=state.wordings, news=state.news)
        return state

    def host_of(self, feed: Feed) -> tuple[str, HostState | None]:
        """The host a feed is polled from, and what is remembered of it."""
        host = host_of(address_of(feed, self.of(feed)))
        return host, self.hosts.get(host)


def address_of(feed: Feed, state: FeedState) -> str:
    """The address to poll."""
    return state.address or feed.url


def load_state(store: Store, shard: Shard) -> ShardState:
    """A shard's state, its parent's when it has none; empty when there is nothing to be read."""
    own = store.read(shard.state_key)
    if own is None and (parent := shard.parent):
        inherited = store.read(parent.state_key)
        return _from_bytes(inherited.data, None) if inherited else ShardState({}, None)
    return _from_bytes(own.data, own.version) if own else ShardState({}, None)


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
        data = _to_bytes(merged, _merged_hosts(before.hosts, loaded.hosts, hosts or {}, merged.values()))
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


def _to_bytes(feeds: Mapping[str, FeedState], hosts: Mapping[str, HostState]) -> bytes:
    document: dict[str, Any] = {"version": _VERSION, "feeds": {i: _plain(s) for i, s in sorted(feeds.items())}}
    if hosts:
        document["hosts"] = {
            host: {"until": each.until.isoformat(), "refusals": each.refusals} for host, each in sorted(hosts.items())
        }
    return (json.dumps(document, ensure_ascii=False) + "\n").encode("utf-8", "replace")


def _plain(state: FeedState) -> dict[str, Any]:
    """Only what differs from a feed never polled: state is read and written all the time."""
    return {name: _value(value) for name, value in vars(state).items() if value != getattr(_BLANK, name)}


def _value(value: object) -> object:
    if isinstance(value, timedelta):
        return int(value.total_seconds())
    return value.isoformat() if isinstance(value, datetime) else value


def _from_bytes(data: bytes, version: str | None) -> ShardState:
    """Whatever cannot be read counts as lost: a cache may be."""
    try:
        loaded = json.loads(data)
        if loaded["version"] != _VERSION:
            return ShardState({}, version)
        hosts = {
            str(host): HostState(datetime.fromisoformat(each["until"]), int(each["refusals"]))
            for host, each in loaded.get("hosts", {}).items()
        }
        return ShardState({str(i): _from_plain(plain) for i, plain in loaded["feeds"].items()}, version, hosts)
    except (ValueError, KeyError, TypeError, AttributeError, OverflowError):
        return ShardState({}, version)


def _from_plain(plain: dict[str, Any]) -> FeedState:
    values = {name: value for name, value in plain.items() if name in _NAMES}  # a newer program may know more
    values |= {name: datetime.fromisoformat(plain[name]) for name in _TIMES if name in plain}
    values |= {name: timedelta(seconds=plain[name]) for name in _SPANS if name in plain}
    return FeedState(**values)


_BLANK = FeedState()
_NAMES = {each.name for each in fields(FeedState)}
