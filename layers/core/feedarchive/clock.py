"""The real clock. All other code gets the time, or a function that returns it, as an argument: tests can set it."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The current time in UTC, in whole seconds: the resolution of every time in an archive."""
    return datetime.now(UTC).replace(microsecond=0)
