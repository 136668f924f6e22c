"""Compute how long to wait after failures: exponential backoff with jitter. Pure functions.

The jitter is not random: it is made from the name of the feed or host and the number of failures.
"""

from __future__ import annotations

import hashlib
from datetime import timedelta

_FIRST = timedelta(minutes=30)
_MAX = timedelta(hours=24)


def backoff(name: str, failures: int) -> timedelta:
    """How long to wait after this many failures in a row.

    The wait is 30 minutes after the first failure. It doubles with each further failure, up to a day. Then up to a
    quarter is subtracted (jitter), so that feeds that failed together are not retried together. ``name``, a feed id or
    a host, and ``failures`` decide how much is subtracted.
    """
    longest = min(_MAX, _FIRST * 2 ** min(max(failures, 1) - 1, 10))
    return whole_seconds(longest * (0.75 + 0.25 * stable_fraction(f"{name} {failures}")))


def stable_fraction(text: str) -> float:
    """Make a number between 0 and 1 of the hash of a text. The same text always gives the same number."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32


def whole_seconds(span: timedelta) -> timedelta:
    """Round a time span down to whole seconds."""
    return timedelta(seconds=int(span.total_seconds()))
