"""Why the last time stamp failed, for ``feedarchive status``."""

from __future__ import annotations

from feedarchive.json_values import DamagedJSON, parse_json
from feedarchive.store.interface import Store

LAST_ERROR = "proofs/last-error.json"
"""The key of the file with the last failure. Its ``error`` is "" after a success."""


def last_error(store: Store) -> str:
    """Why the last time stamp failed; "" if it did not fail."""
    stored = store.read(LAST_ERROR)
    try:
        return parse_json(stored.data).text("error") if stored else ""
    except DamagedJSON:
        return ""
