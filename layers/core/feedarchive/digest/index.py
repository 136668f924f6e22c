"""``archive/index.json``: every day with its counts, newest first."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date

from feedarchive.digest.digest import Digest, day_folder
from feedarchive.json_values import DamagedJSON, JSONObject, checked_integer, parse_json
from feedarchive.store.interface import Store, Stored
from feedarchive.store.update import update

INDEX = "archive/index.json"
_VERSION = 1

Counts = dict[str, int]
_COUNTED = Digest(date.min, "UTC", ()).counts().keys()


def indexed_days(store: Store, time_zone: str) -> dict[date, Counts]:
    """The days of the index with their counts; empty if the index is missing or damaged."""
    return _from_json(store.read(INDEX), time_zone)


def write_index(store: Store, time_zone: str, built: Mapping[date, Counts], all_days: bool) -> dict[date, Counts]:
    """Bring the index up to date with the days that were built. Return the counts of all its days.

    ``all_days``: ``built`` contains every day of the archive, so all other days are removed from the index.
    """
    merged: dict[date, Counts] = {}

    def index(stored: Stored | None) -> bytes:
        merged.clear()
        merged.update({} if all_days else _from_json(stored, time_zone))
        merged.update(built)
        return _to_json(merged, time_zone)

    update(store, INDEX, index)
    return merged


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
    if stored is None:
        return {}
    try:
        document = parse_json(stored.data)
        if (document.integer("version"), document.text("time_zone")) != (_VERSION, time_zone):
            return {}
        return {row.day("day"): _counts(row.object("counts")) for row in document.objects("days")}
    except DamagedJSON:
        return {}


def _counts(written: JSONObject) -> Counts:
    counts = {name: checked_integer(count) for name, count in written.fields.items()}
    if not counts.keys() >= _COUNTED:
        raise DamagedJSON("counts are missing")
    return counts
