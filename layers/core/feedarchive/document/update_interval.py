"""How often a document asks to be polled.

In RSS 2.0, ``<ttl>`` is the number of minutes for which a document may be cached. In RSS 1.0, ``sy:updateFrequency`` is
the number of updates in one ``sy:updatePeriod``; the defaults are 1 and daily.
"""

from __future__ import annotations

import re
from datetime import timedelta

_PERIODS = {
    "hourly": timedelta(hours=1),
    "daily": timedelta(days=1),
    "weekly": timedelta(days=7),
    "monthly": timedelta(days=30),
    "yearly": timedelta(days=365),
}
_NUMBER = re.compile(r"\+?0*([1-9][0-9]{0,5})(?:\.0*)?", re.ASCII)


def update_interval(ttl: str, period: str, frequency: str) -> timedelta | None:
    """Return the longer of the intervals ``ttl`` and ``period`` / ``frequency``. None if both are invalid."""
    minutes = _number(ttl)
    intervals = [timedelta(minutes=minutes)] if minutes else []
    length, updates = _PERIODS.get(period.strip().lower() or "daily"), _number(frequency) if frequency.strip() else 1
    if length and updates and (period.strip() or frequency.strip()):
        intervals.append(length / updates)
    return max(intervals, default=None)


def _number(text: str) -> int | None:
    found = _NUMBER.fullmatch(text.strip())
    return int(found.group(1)) if found else None
