"""Refuse to archive while the clock is wrong: a machine that has just started may believe that it is 1970.

An article goes into the folder of the day on which it is archived, and files are never moved. So an article that is
archived at a wrong time stays in a wrong folder. All functions are pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from feedarchive import RELEASED
from feedarchive.store.interface import StoreError

_TOLERANCE = timedelta(days=1)
# A stored time that is further ahead was stored while the clock was wrong, so it is ignored.
_CREDIBLE = timedelta(days=5 * 365)
_FORMAT = "%Y-%m-%d %H:%M UTC"


class WrongClock(StoreError):
    """The clock is earlier than this release or than the times in the archive. Nothing is archived."""


def require_time_after_release(now: datetime) -> None:
    """Raise WrongClock if the clock shows a time before this release was made."""
    if now < RELEASED:
        released = f"this release was made on {RELEASED:%Y-%m-%d}"
        raise WrongClock(f"the clock says {now:{_FORMAT}}, but {released}: set the clock and run again")


def require_time_after(known: Iterable[datetime], now: datetime, location: str) -> None:
    """Raise WrongClock if ``now`` is more than a day before the newest of the ``known`` times.

    - ``known``: times that earlier runs stored. Times more than five years after ``now`` are ignored.
    - ``now``: the time that the clock shows.
    """
    credible = [time for time in known if time - now < _CREDIBLE]
    newest = max(credible, default=now)
    if newest - now > _TOLERANCE:
        written = f"{location} was last written at {newest.astimezone(UTC):{_FORMAT}}"
        advice = "set the clock and run again, or use --trust-clock if an earlier run had a wrong clock"
        raise WrongClock(f"the clock says {now:{_FORMAT}}, but {written}: {advice}")
