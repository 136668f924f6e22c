"""Read the state of the archive before a build."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from feedarchive.digest.calendar import days_in_archive, recent_days
from feedarchive.digest.index import ChainEnd, IndexedDay, read_index
from feedarchive.feeds.feed import Feed
from feedarchive.health.load_states import fingerprint_of_states
from feedarchive.health.status_json import LastStatus, read_status
from feedarchive.proof.records import RECORDS
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class ArchiveBefore:
    """What a build needs to know about the archive before it writes anything.

    - ``states``: a fingerprint of the polling states of all feeds. It changes if a run saves a state.
    - ``status``: the contents of the last status.json.
    - ``indexed``: the days that the index lists.
    - ``days``: the days that have a folder. Recent days may be missing.
    - ``complete``: True if only recent days may be missing in the index.
    - ``end``: the newest records of the chain, according to the index.
    - ``records``: the keys of all records (the objects in ``days/``).
    """

    states: str
    status: LastStatus
    indexed: dict[date, IndexedDay]
    days: set[date]
    complete: bool
    end: ChainEnd
    records: Sequence[str]


def read_archive_before(store: Store, time_zone: ZoneInfo, feeds: Sequence[Feed], now: datetime) -> ArchiveBefore:
    """Read the state of the archive before the build at the time ``now``.

    All days are listed only if the index has no recent day, because listing is slow.
    """
    # Read the states before the articles. If a run ends in between, the next build sees that the states have changed.
    states, status = fingerprint_of_states(store, feeds), read_status(store)
    index = read_index(store, time_zone.key)
    indexed, records = index.days, tuple(store.list(RECORDS))
    newest = newest_day(indexed, now, time_zone)
    if newest and newest >= recent_days(now, time_zone)[0]:
        return ArchiveBefore(states, status, indexed, set(indexed), True, index.end, records)
    days = set(days_in_archive(store))
    complete = newest is not None and newest >= (newest_day(days, now, time_zone) or newest)
    return ArchiveBefore(states, status, indexed, days, complete, index.end, records)


def newest_day(days: Iterable[date], now: datetime, time_zone: ZoneInfo) -> date | None:
    """Return the newest day that is not after today; None if there is none. A wrong clock may have made later days."""
    today = now.astimezone(time_zone).date()
    return max((day for day in days if day <= today), default=None)
