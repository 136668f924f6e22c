"""Count the new articles of each feed on each of the last 30 days. status.json contains these counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import date, timedelta

from feedarchive.digest.digest import day_folder
from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.digest_json import parse_digest_json
from feedarchive.health.status_json import NewByDay
from feedarchive.store.interface import Store

_DAYS = 30


def count_new_articles(
    store: Store,
    fresh: Mapping[date, dict[str, int]],
    before: NewByDay,
    days: Iterable[date],
    time_zone: str,
    today: date,
) -> NewByDay:
    """Count the new articles of each feed on each of the last 30 days.

    The counts of a day are taken from ``fresh`` or else from ``before``. If neither has the day, the articles in its
    digest.json are counted.

    - ``fresh``: the counts of the days that were just built.
    - ``before``: the counts in the last status.json.
    - ``days``: all days of the archive.
    """
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
            counts[name] = count_new(parse_digest_json(stored.data, day, time_zone).values())
    return counts


def count_new(entries: Iterable[DigestEntry]) -> dict[str, int]:
    """Count the new articles of each feed in a digest, by the feed's URL. Revisions are not counted."""
    return dict(sorted(Counter(entry.source for entry in entries if not entry.is_revision).items()))
