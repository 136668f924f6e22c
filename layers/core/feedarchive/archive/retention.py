"""Store ``removed_before`` in ``retention.json``: files that were archived before this time may have been removed.

The retention is the age at which files are removed. A feed may still contain an article whose file was removed. Such an
article is not archived again, even if the user makes the retention longer.
"""

from __future__ import annotations

import json
from datetime import datetime, timedelta

from feedarchive.json_values import DamagedJSON, parse_json
from feedarchive.rfc3339 import format_rfc3339
from feedarchive.store.interface import Store, Stored
from feedarchive.store.update import update

RETENTION = "retention.json"
_VERSION = 1
_WRITTEN_EVERY = timedelta(days=1)


def limited_to_days(retention: timedelta | None, days: int) -> timedelta | None:
    """Return the shorter of a retention and a number of days. None and 0 days mean forever."""
    return _shortest(retention, timedelta(days=days) if days else None)


def effective_retention(store: Store, configured: timedelta | None, now: datetime) -> timedelta | None:
    """Return the age above which a missing file counts as removed; None if files are kept forever.

    A file from before ``removed_before`` counts as removed, even if ``configured`` is longer.
    """
    before = removed_before(store)
    return _shortest(configured, now - before if before else None)


def _shortest(*retentions: timedelta | None) -> timedelta | None:
    return min((each for each in retentions if each is not None), default=None)


def remember_retention(store: Store, configured: timedelta | None, now: datetime) -> None:
    """Set ``removed_before`` to ``now - configured`` in retention.json. Writes at most once a day."""
    if configured is None:
        return
    limit = now - configured

    def newer(stored: Stored | None) -> bytes | None:
        before = _parse(stored)
        if before and limit - before < _WRITTEN_EVERY:
            return None
        return (json.dumps({"version": _VERSION, "removed_before": format_rfc3339(limit)}) + "\n").encode()

    update(store, RETENTION, newer)


def removed_before(store: Store) -> datetime | None:
    """Return ``removed_before`` from retention.json; None if there never was a retention."""
    return _parse(store.read(RETENTION))


def _parse(stored: Stored | None) -> datetime | None:
    try:
        return parse_json(stored.data).time("removed_before") if stored else None
    except DamagedJSON:
        return None
