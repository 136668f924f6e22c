"""The real clock. Everything else gets the time as a value or a function, so that tests can set it."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The current time in UTC, in whole seconds: the resolution of every time in an archive."""
    return datetime.now(UTC).replace(microsecond=0)
