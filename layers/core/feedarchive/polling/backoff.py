"""Compute how long to wait after failures: exponential backoff with jitter. Pure functions."""

from __future__ import annotations

import hashlib
from datetime import timedelta

_FIRST = timedelta(minutes=30)
_MAX = timedelta(hours=24)


def backoff(name: str, failures: int) -> timedelta:
    """Return how long to wait after this many failures in a row.

    The wait starts at 30 minutes and doubles with each failure, up to a day. It is then shortened by up to a quarter,
    so that feeds that failed together are not retried together. The same arguments always give the same wait.

    ``name``: the id of a feed, or a host.
    """
    longest = min(_MAX, _FIRST * 2 ** min(max(failures, 1) - 1, 10))
    return whole_seconds(longest * (0.75 + 0.25 * stable_fraction(f"{name} {failures}")))


def stable_fraction(text: str) -> float:
    """Hash a text to a number from 0 to 1. The same text always gives the same number."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32


def whole_seconds(span: timedelta) -> timedelta:
    """Round a time span down to whole seconds."""
    return timedelta(seconds=int(span.total_seconds()))
