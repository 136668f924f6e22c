"""``status.json``: the health of every feed, for programs and for ``feedarchive status``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from feedarchive.feeds.feed import Feed
from feedarchive.health.feed_health import FeedHealth, judge_feed
from feedarchive.json_values import DamagedJSON, checked_integer, parse_json
from feedarchive.polling.feed_state import FeedState, HostState
from feedarchive.polling.saved_state import load_state
from feedarchive.polling.shards import shards_of
from feedarchive.rfc3339 import format_rfc3339
from feedarchive.store.interface import Store
from feedarchive.store.update import write_if_changed
from feedarchive.urls import without_credentials

STATUS = "status.json"
_VERSION = 1

NewByDay = dict[str, dict[str, int]]
"""The number of new articles by day (ISO) and by feed URL."""


@dataclass(frozen=True)
class StoredState:
    """The state of a feed and of its host."""

    state: FeedState
    host: HostState | None = None


def load_states(store: Store, feeds: Iterable[Feed]) -> dict[str, StoredState]:
    """The state of every feed, by feed id."""
    states: dict[str, StoredState] = {}
    for shard, some in shards_of(feeds).items():
        found = load_state(store, shard)
        states |= {feed.id: StoredState(found.of(feed), found.host_of(feed)[1]) for feed in some}
    return states


def all_health(
    feeds: Iterable[Feed], states: Mapping[str, StoredState], new_by_day: NewByDay, now: datetime
) -> list[FeedHealth]:
    """The health of every feed: first those that need a person, then those that fail."""
    new: Counter[str] = Counter()
    for counts in new_by_day.values():
        new.update(counts)
    health = []
    for feed in feeds:
        known = states.get(feed.id, StoredState(FeedState()))
        health.append(judge_feed(feed, known.state, new[without_credentials(feed.url)], now, known.host))
    return sorted(health, key=lambda h: (not h.needs_a_person, not h.failing_since, h.feed))


def read_new_by_day(store: Store) -> NewByDay:
    """The counts in the last status.json; empty if there is none or it is damaged."""
    stored = store.read(STATUS)
    if stored is None:
        return {}
    try:
        document = parse_json(stored.data)
        if document.integer("version") != _VERSION:
            return {}
        days = document.object("new_by_day")
        return {
            day: {url: checked_integer(count) for url, count in days.object(day).fields.items()} for day in days.fields
        }
    except DamagedJSON:
        return {}


def write_status(
    store: Store, health: Iterable[FeedHealth], new_by_day: NewByDay, now: datetime, feeds_file_error: str = ""
) -> None:
    """Write status.json. ``feeds_file_error`` is the error in feeds.toml, "" if there is none."""
    document = {
        "version": _VERSION,
        "time": format_rfc3339(now),
        "feeds_file": feeds_file_error,
        "feeds": [as_json(each) for each in health],
        "new_by_day": new_by_day,
    }
    data = (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
    write_if_changed(store, STATUS, data)


def as_json(health: FeedHealth) -> dict[str, Any]:
    """A feed's health as plain values; times in RFC 3339, null for "never"."""
    return {
        name: format_rfc3339(value) if isinstance(value, datetime) else value for name, value in vars(health).items()
    }
