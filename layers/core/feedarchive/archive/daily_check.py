"""Decide whether a scheduled run must check that the folder ``claims/`` is not lost. Once a day is enough.

The object ``state/claims-checked.json`` contains the day of the last check.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

from feedarchive.json_values import DamagedJSON, parse_json
from feedarchive.store.interface import Store
from feedarchive.store.update import write_if_changed

_MARKER = "state/claims-checked.json"


def is_check_due(store: Store, now: datetime) -> bool:
    """Return True if there was no check today (UTC) yet."""
    stored = store.read(_MARKER)
    try:
        return stored is None or parse_json(stored.data).text("day") != _day(now)
    except DamagedJSON:
        return True


def record_check(store: Store, now: datetime) -> None:
    """Store that today's check (UTC) was done and found no loss."""
    write_if_changed(store, _MARKER, (json.dumps({"day": _day(now)}) + "\n").encode())


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()
