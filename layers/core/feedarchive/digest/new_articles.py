"""How many new articles each feed had on each of the last 30 days. status.json keeps these counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import date, timedelta

from feedarchive.digest.digest import Digest, day_folder, parse_digest_json
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.health.status_json import NewByDay, read_new_by_day
from feedarchive.store.interface import Store

_DAYS = 30


def count_new_articles(
    store: Store, built: Iterable[Digest], days: Iterable[date], time_zone: str, today: date
) -> NewByDay:
    """Count each feed's new articles by day.

    The counts come from the digests that were just built; for other days from the last status.json; for a day that is
    not in status.json either, from its digest.json.
    """
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


def _count(entries: Iterable[DigestEntry]) -> dict[str, int]:
    return dict(sorted(Counter(entry.source for entry in entries if not entry.is_revision).items()))
