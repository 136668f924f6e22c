"""How long to wait after failures: exponential backoff with a jitter that is stable for each feed. Pure."""

from __future__ import annotations

import hashlib
from datetime import timedelta

_FIRST = timedelta(minutes=30)
_MAX = timedelta(hours=24)


def backoff(name: str, failures: int) -> timedelta:
    """How long to wait after this many failures in a row: 30 minutes, doubled by each further failure, at most a day.

    Up to a quarter is subtracted, depending on ``name`` (a feed or host) and ``failures``, so that feeds that failed
    together are not retried together.
    """
    longest = min(_MAX, _FIRST * 2 ** min(max(failures, 1) - 1, 10))
    return whole_seconds(longest * (0.75 + 0.25 * stable_fraction(f"{name} {failures}")))


def stable_fraction(text: str) -> float:
    """A number from 0 to 1 that is always the same for the same text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32


def whole_seconds(span: timedelta) -> timedelta:
    """The span without its fraction of a second."""
    return timedelta(seconds=int(span.total_seconds()))
