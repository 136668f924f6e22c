"""Read why the last request for a time stamp failed."""

from __future__ import annotations

from feedarchive.json_values import DamagedJSON, parse_json
from feedarchive.store.interface import Store

LAST_ERROR = "proofs/last-error.json"
"""The key of a file about the last request for a time stamp. Its ``error`` says why it failed; "" after a success."""


def last_error(store: Store) -> str:
    """Return why the last request for a time stamp failed; "" if it did not fail."""
    stored = store.read(LAST_ERROR)
    try:
        return parse_json(stored.data).text("error") if stored else ""
    except DamagedJSON:
        return ""
