"""The real clock. Other code gets the time, or a function that returns it, as an argument, so that tests can set it."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The current time in UTC, without microseconds: all times in an archive are whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)
