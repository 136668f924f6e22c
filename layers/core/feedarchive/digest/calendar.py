"""Which days there are, and which of them are due."""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedarchive.digest.digest import day_folder
from feedarchive.store.interface import Presence, Store

# An interrupted run's claim is healed within 7 days, into the day it was claimed on.
_LOOKED_AT_AGAIN = 8
# A run that began before midnight may still be writing.
_FINAL_AFTER = timedelta(hours=2)
_DAY_FOLDER = re.compile(r"archive/(\d{4})/(\d{2})/(\d{2})/")


def days_in_archive(store: Store) -> list[date]:
    """Every day that has a folder, oldest first."""
    folders = ["archive/"]
    for _ in ("year", "month", "day"):
        folders = [inner for folder in folders for inner in store.folders(folder)]
    return [day for folder in folders if (day := day_of(folder))]


def day_of(key: str) -> date | None:
    """The day whose folder a key, or a folder, is in."""
    match = _DAY_FOLDER.match(key)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def has_digest(store: Store, day: date) -> bool:
    """Was a digest of this day built?"""
    return store.presence(f"{day_folder(day)}digest.json") is not Presence.ABSENT


def recent_days(now: datetime, zone: ZoneInfo) -> list[date]:
    """Today and the eight days before it, oldest first: the days that may still change."""
    today = now.astimezone(zone).date()
    return [today - timedelta(days=n) for n in range(_LOOKED_AT_AGAIN, -1, -1)]


def announced_days(store: Store) -> set[str]:
    """The days (ISO) whose announcement was made."""
    return {key.removeprefix("days/").removesuffix(".json") for key in store.list("days/")}


def days_to_announce(known: Collection[date], announced: Collection[str], now: datetime, zone: ZoneInfo) -> list[date]:
    """Days that are over since two hours and were not announced yet, oldest first."""
    return sorted(day for day in known if day.isoformat() not in announced and _is_over(day, now, zone))


def _is_over(day: date, now: datetime, zone: ZoneInfo) -> bool:
    try:
        midnight = datetime.combine(day + timedelta(days=1), time(), zone)
        return now >= midnight.astimezone(now.tzinfo) + _FINAL_AFTER
    except OverflowError:  # a day at the end of time
        return False
