"""Remember in ``retention.json`` up to which time retention rules may have removed files.

A feed may still contain an article whose file was removed because of its age. The article is not archived again,
because its claim is older than the retention. After the retention was made longer, that may no longer be true, and the
article would return. Therefore the archive remembers what was removed before.
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


def shortest(*retentions: timedelta | None) -> timedelta | None:
    """The shortest of these retentions; None (forever) if all are None."""
    return min((each for each in retentions if each is not None), default=None)


def effective_retention(store: Store, configured: timedelta | None, now: datetime) -> timedelta | None:
    """The retention by which claims are judged; None if everything is kept.

    That is the configured retention, or a shorter one if an earlier rule may have removed files that the configured
    retention would keep.
    """
    before = removed_before(store)
    return shortest(configured, now - before if before else None)


def remember_retention(store: Store, configured: timedelta | None, now: datetime) -> None:
    """Store the time before which the configured rule may have removed files by now. Writes at most once a day."""
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
    """The time before which archived files may have been removed by a rule; None if there was no rule."""
    return _parse(store.read(RETENTION))


def _parse(stored: Stored | None) -> datetime | None:
    try:
        return parse_json(stored.data).time("removed_before") if stored else None
    except DamagedJSON:
        return None
