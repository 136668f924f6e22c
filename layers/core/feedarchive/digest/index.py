"""``archive/index.json`` and ``archive/index.html``: every day with its counts, newest first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from functools import partial

from feedarchive.digest.digest import Digest, day_folder
from feedarchive.digest.html_page import index_page
from feedarchive.digest.markdown_page import describe_counts
from feedarchive.digest.written import write_derived
from feedarchive.store.interface import DAMAGED, Store, Stored

INDEX = "archive/index.json"
_VERSION = 1

Counts = dict[str, int]
_COUNTED = Digest(date.min, "UTC", ()).counts().keys()


def indexed_days(store: Store, time_zone: str) -> dict[date, Counts]:
    """The days the index knows, with their counts; empty when there is none to go by."""
    stored = store.read(INDEX)
    return _from_json(stored, time_zone)


def write_index(store: Store, time_zone: str, built: Mapping[date, Counts], all_days: bool) -> bool:
    """Bring the index up to date with the days that were built; True if it changed.

    ``all_days`` says that ``built`` is every day there is: then others are left out.
    """
    merged: dict[date, Counts] = {}

    def index(stored: Stored | None) -> bytes:
        merged.clear()
        merged.update({} if all_days else _from_json(stored, time_zone))
        merged.update(built)
        return _to_json(merged, time_zone)

    changed = write_derived(store, INDEX, index)
    rows = [
        (day.isoformat(), f"{_relative(day)}index.html", describe_counts(counts))
        for day, counts in _newest_first(merged)
    ]
    page = index_page(rows)
    return write_derived(store, "archive/index.html", partial(_page, page)) or changed


def _page(page: bytes, stored: Stored | None) -> bytes:
    return page


def _relative(day: date) -> str:
    return day_folder(day).removeprefix("archive/")


def _newest_first(days: Mapping[date, Counts]) -> list[tuple[date, Counts]]:
    return sorted(days.items(), reverse=True)


def _to_json(days: Mapping[date, Counts], time_zone: str) -> bytes:
    rows = [
        {"day": day.isoformat(), "digest": f"{_relative(day)}digest.json", "counts": counts}
        for day, counts in _newest_first(days)
    ]
    document = {"version": _VERSION, "time_zone": time_zone, "days": rows}
    return (json.dumps(document, ensure_ascii=False, indent=1) + "\n").encode("utf-8", "replace")


def _from_json(stored: Stored | None, time_zone: str) -> dict[date, Counts]:
    try:
        document = json.loads(stored.data) if stored else {"days": []}
        if stored and (document["version"], document["time_zone"]) != (_VERSION, time_zone):
            return {}
        return {date.fromisoformat(row["day"]): _counts(row["counts"]) for row in document["days"]}
    except DAMAGED:
        return {}


def _counts(written: Counts) -> Counts:
    if not written.keys() >= _COUNTED or any(type(number) is not int for number in written.values()):
        raise TypeError
    return written
