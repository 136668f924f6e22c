"""Check the claims once a day, not at every scheduled run: a marker in ``state/`` has the day of the last check."""

from __future__ import annotations

import json
from datetime import UTC, datetime

from feedarchive.json_values import DamagedJSON, parse_json
from feedarchive.store.interface import Store
from feedarchive.store.update import write_if_changed

_MARKER = "state/claims-checked.json"


def is_check_due(store: Store, now: datetime) -> bool:
    """Was there no check today (UTC)? This reads the marker, which costs a tenth of a listing."""
    stored = store.read(_MARKER)
    try:
        return stored is None or parse_json(stored.data).text("day") != _day(now)
    except DamagedJSON:
        return True


def record_check(store: Store, now: datetime) -> None:
    """Record a check that found nothing wrong."""
    write_if_changed(store, _MARKER, (json.dumps({"day": _day(now)}) + "\n").encode())


def _day(now: datetime) -> str:
    return now.astimezone(UTC).date().isoformat()
