"""Find days of an archive: days with a folder, days that may still change, and days to announce.

A day is announced once after its end, for example with a mail that contains its digest.
"""

from __future__ import annotations

import re
from collections.abc import Collection
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from feedarchive.digest.digest import day_folder
from feedarchive.store.interface import Presence, Store

# The folders of this many past days may still change: if a run was interrupted before it wrote a file, a run up to
# 7 days later may write the file into the folder.
_REBUILT_DAYS = 8
# A day counts as finished this long after its end, because a run that began before midnight may still write its files.
_FINAL_AFTER = timedelta(hours=2)
_OBSOLETE_PAGE = re.compile(r"archive/(?:\d{4}/\d{2}/\d{2}/)?(?:index|site-[a-z0-9.-]+)\.html")
_DAY_FOLDER = re.compile(r"archive/(\d{4})/(\d{2})/(\d{2})/")


def days_in_archive(store: Store) -> list[date]:
    """Return every day that has a folder, oldest first. This lists the folders of all years and months."""
    folders = ["archive/"]
    for _ in ("year", "month", "day"):
        folders = [inner for folder in folders for inner in store.folders(folder)]
    return [day for folder in folders if (day := day_of(folder))]


def days_in_months(store: Store, days: Collection[date]) -> list[date]:
    """Return every day that has a folder and is in the same month as one of ``days``, oldest first."""
    months = sorted({day.strftime("archive/%Y/%m/") for day in days})
    return [day for month in months for folder in store.folders(month) if (day := day_of(folder))]


def day_of(key: str) -> date | None:
    """Return the day in a path such as ``archive/2025/12/25/…``; None if the path has no day."""
    match = _DAY_FOLDER.match(key)
    try:
        return date(*map(int, match.groups())) if match else None
    except ValueError:
        return None


def has_digest(store: Store, day: date) -> bool:
    """Does this day have a digest?"""
    return store.presence(f"{day_folder(day)}digest.json") is not Presence.ABSENT


def obsolete_pages(store: Store) -> list[str]:
    """Return the keys of HTML pages that release 0.1 wrote beside the articles.

    This is slow, because it lists all files below ``archive/``.
    """
    return [key for key in store.list("archive/") if is_obsolete_page(key)]


def is_obsolete_page(key: str) -> bool:
    """Is this the key of an HTML page that release 0.1 wrote beside the articles?"""
    return bool(_OBSOLETE_PAGE.fullmatch(key))


def recent_days(now: datetime, zone: ZoneInfo) -> list[date]:
    """Return the days that may still change, oldest first: the eight days before today, and today."""
    today = now.astimezone(zone).date()
    return [today - timedelta(days=n) for n in range(_REBUILT_DAYS, -1, -1)]


def days_to_announce(known: Collection[date], announced: Collection[date], now: datetime, zone: ZoneInfo) -> list[date]:
    """Return those of the ``known`` days that ended at least two hours ago and were not announced yet, oldest first."""
    return sorted(day for day in known if day not in announced and _is_over(day, now, zone))


def last_finished_day(now: datetime, zone: ZoneInfo) -> date:
    """Return the newest day that ended at least two hours ago."""
    yesterday = now.astimezone(zone).date() - timedelta(days=1)
    return yesterday if _is_over(yesterday, now, zone) else yesterday - timedelta(days=1)


def _is_over(day: date, now: datetime, zone: ZoneInfo) -> bool:
    try:
        midnight = datetime.combine(day + timedelta(days=1), time(), zone)
        return now >= midnight.astimezone(now.tzinfo) + _FINAL_AFTER
    except OverflowError:  # The day is 9999-12-31, the last one that datetime can represent.
        return False
