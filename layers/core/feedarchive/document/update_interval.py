"""How often a document says to look for a new one. Pure.

RSS 2.0 ``<ttl>`` ("how long a channel can be cached", in minutes) and the RSS 1.0 syndication module's
``sy:updatePeriod`` (daily by default) and ``sy:updateFrequency`` (times in it, once by default).
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
    """The longer of what both say; None if neither says anything that can be read."""
    minutes = _number(ttl)
    spans = [timedelta(minutes=minutes)] if minutes else []
    length, times = _PERIODS.get(period.strip().lower() or "daily"), _number(frequency) if frequency.strip() else 1
    if length and times and (period.strip() or frequency.strip()):
        spans.append(length / times)
    return max(spans, default=None)


def _number(written: str) -> int | None:
    found = _NUMBER.fullmatch(written.strip())
    return int(found.group(1)) if found else None
