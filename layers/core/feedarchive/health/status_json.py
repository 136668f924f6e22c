"""``status.json``: the health of every feed, for programs and for ``feedarchive status``."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any

from feedarchive.digest.digest import Digest, day_folder, parse_digest_json
from feedarchive.digest.written import write_derived
from feedarchive.feeds.feed import Feed
from feedarchive.health.feed_health import FeedHealth, judge_feed
from feedarchive.polling.feed_state import FeedState, HostState
from feedarchive.polling.saved_state import load_state
from feedarchive.polling.shards import shards_of
from feedarchive.rfc3339 import format_rfc3339
from feedarchive.store.interface import DAMAGED, Store, Stored
from feedarchive.urls import without_credentials

STATUS = "status.json"
_VERSION = 1
_DAYS = 30

NewByDay = dict[str, dict[str, int]]
"""New articles by day (ISO) and by feed URL."""


@dataclass(frozen=True)
class StoredState:
    """What polling remembers of a feed and of its host."""

    state: FeedState
    host: HostState | None = None


def load_states(store: Store, feeds: Iterable[Feed]) -> dict[str, StoredState]:
    """What is remembered of every feed, by feed id."""
    states: dict[str, StoredState] = {}
    for shard, some in shards_of(feeds).items():
        found = load_state(store, shard)
        states |= {feed.id: StoredState(found.of(feed), found.host_of(feed)[1]) for feed in some}
    return states


def all_health(
    feeds: Iterable[Feed], states: Mapping[str, StoredState], new_by_day: NewByDay, now: datetime
) -> list[FeedHealth]:
    """The health of every feed, those that need a person first."""
    new: Counter[str] = Counter()
    for group_by_feed in new_by_day.values():
        new.update(group_by_feed)
    health = []
    for feed in feeds:
        known = states.get(feed.id, StoredState(FeedState()))
        health.append(judge_feed(feed, known.state, new[without_credentials(feed.url)], now, known.host))
    return sorted(health, key=lambda h: (not h.needs_a_person, not h.failing_since, h.feed))


def count_new_articles(
    store: Store, built: Iterable[Digest], days: Iterable[date], time_zone: str, today: date
) -> NewByDay:
    """New articles of the last 30 days: of days just built from their digests, of others from the last status,
    and where that knows nothing from their digest.json."""
    fresh = {digest.day: _count(digest.entries) for digest in built}
    before = read_new_by_day(store)
    counts: NewByDay = {}
    for day in sorted(set(days) | set(fresh)):
        if not timedelta() <= today - day < timedelta(days=_DAYS):
            continue
        name = day.isoformat()
        if day in fresh:
            counts[name] = fresh[day]
        elif name in before:
            counts[name] = before[name]
        elif stored := store.read(f"{day_folder(day)}digest.json"):
            counts[name] = _count(parse_digest_json(stored.data, day, time_zone).values())
    return counts


def _count(entries: Iterable[Any]) -> dict[str, int]:
    return dict(sorted(Counter(entry.source for entry in entries if not entry.is_revision).items()))


def read_new_by_day(store: Store) -> NewByDay:
    """What the last status.json counted; empty when it cannot be read."""
    stored = store.read(STATUS)
    try:
        document = json.loads(stored.data) if stored else {}
        found: NewByDay = document["new_by_day"] if document.get("version") == _VERSION else {}
        numbers = [number for group_by_feed in found.values() for number in group_by_feed.values()]
        return found if all(type(number) is int for number in numbers) else {}
    except DAMAGED:
        return {}


def write_status(
    store: Store, health: Iterable[FeedHealth], new_by_day: NewByDay, now: datetime, feeds_file: str = ""
) -> None:
    """Write status.json. ``feeds_file`` says what is wrong with feeds.toml, and in which line; "" when all is well."""
    document = {
        "version": _VERSION,
        "time": format_rfc3339(now),
        "feeds_file": feeds_file,
        "feeds": [as_json(each) for each in health],
        "new_by_day": new_by_day,
    }
    data = (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")
    write_derived(store, STATUS, partial(_this, data))


def _this(data: bytes, stored: Stored | None) -> bytes:
    return data


def as_json(health: FeedHealth) -> dict[str, Any]:
    """A feed's health as plain values; times in RFC 3339, null where nothing happened."""
    fields = {
        name: format_rfc3339(value) if isinstance(value, datetime) else value for name, value in vars(health).items()
    }
    return {"feed": fields.pop("feed"), "health": fields.pop("word"), **fields}
