"""Load the polling states of all feeds, and judge how well each feed works.

The states of a shard (feeds that are polled together) are in one file.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from feedarchive.concurrency import in_parallel
from feedarchive.feeds.feed import Feed
from feedarchive.health.feed_health import FeedHealth, judge_feed
from feedarchive.health.status_json import NewByDay
from feedarchive.polling.feed_state import FeedState, HostState
from feedarchive.polling.moved_together import other_owner, owners_of_urls
from feedarchive.polling.saved_state import load_state
from feedarchive.polling.shards import Shard, shards_of
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class StoredState:
    """The polling state of a feed, and the state of its host (None if there is none)."""

    state: FeedState
    host: HostState | None = None


def load_states(store: Store, feeds: Iterable[Feed]) -> dict[str, StoredState]:
    """Load the states of these feeds. Return them by feed id."""
    return load_shards(store, shards_of(feeds))


def load_shards(store: Store, shards: Mapping[Shard, Sequence[Feed]]) -> dict[str, StoredState]:
    """Load the states of the feeds in these shards. Return them by feed id."""

    def load(feeds_of_shard: tuple[Shard, Iterable[Feed]]) -> dict[str, StoredState]:
        shard, some = feeds_of_shard
        found = load_state(store, shard, some)
        return {feed.id: StoredState(_without_entries(found.of(feed)), found.host_of(feed)[1]) for feed in some}

    loaded = in_parallel(load, shards.items(), store.threads)
    return {feed_id: state for some in loaded for feed_id, state in some.items()}


def _without_entries(state: FeedState) -> FeedState:
    """Return a state without its facts about entries, which need much memory."""
    return replace(state, known_entries={}, wordings={}, xml_hashes={})


def fingerprint_of_states(store: Store, feeds: Iterable[Feed]) -> str:
    """Return a hash of the saved states and the list of feeds; "" if there is no saved state.

    The hash changes after each run that archives articles, because such a run saves a state.
    """
    states = store.hashes("state/")
    if not states:
        return ""
    facts = [*sorted(states.items()), *((feed.id, feed.public_url, feed.title) for feed in feeds)]
    return hashlib.sha256(repr(facts).encode()).hexdigest()[:16]


def all_health(
    feeds: Iterable[Feed],
    states: Mapping[str, StoredState],
    new_by_day: NewByDay,
    now: datetime,
    before: Mapping[str, FeedHealth] | None = None,
) -> list[FeedHealth]:
    """Judge every feed.

    The result is sorted: feeds that need a person's help, other failing feeds, other feeds with a problem, feeds
    without a problem.

    - ``states``: the states that were loaded, by feed id.
    - ``new_by_day``: the numbers of new articles in the last 30 days.
    - ``before``: the health in the last status.json, by feed id. It is used for feeds whose state was not loaded.
    """
    new: Counter[str] = Counter()
    for counts in new_by_day.values():
        new.update(counts)
    health, feeds = [], list(feeds)
    owners = owners_of_urls(feeds, {feed_id: each.state for feed_id, each in states.items()})
    for feed in feeds:
        if before and feed.id not in states and feed.id in before:
            health.append(replace(before[feed.id], new_in_30_days=new[feed.public_url]))
            continue
        known = states.get(feed.id, StoredState(FeedState()))
        moved_to = known.state.new_url or known.state.redirect_url
        owner = other_owner(feed, moved_to, owners) if moved_to else ""
        health.append(judge_feed(feed, known.state, new[feed.public_url], now, known.host, owner))
    return sorted(health, key=lambda h: (not h.needs_a_person, not h.failing_since, not h.problem, h.feed))


def every_feed_fails_since(health: Collection[FeedHealth]) -> datetime | None:
    """Return the time at which the last working feed began to fail; None if a feed works or there are no feeds."""
    times = [each.failing_since for each in health if each.failing_since]
    return max(times) if times and len(times) == len(health) else None
