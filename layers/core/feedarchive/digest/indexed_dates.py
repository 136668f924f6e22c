"""Read only the dates in the index. Every ``fetch`` needs them, and importing index.py would be slow."""

from __future__ import annotations

from datetime import date

from feedarchive.json_values import DamagedJSON, parse_json
from feedarchive.store.interface import Store

INDEX = "archive/index.json"


def indexed_dates(store: Store) -> list[date]:
    """Return the days in the index; [] if the index is missing or damaged."""
    stored = store.read(INDEX)
    try:
        return [row.day("day") for row in parse_json(stored.data).objects("days")] if stored else []
    except DamagedJSON:
        return []
