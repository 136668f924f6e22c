"""The real clock. Other code takes the time or a clock as an argument, so that tests can choose the time."""

from __future__ import annotations

from datetime import UTC, datetime


def now() -> datetime:
    """The current time in UTC, without microseconds: all times in an archive are whole seconds."""
    return datetime.now(UTC).replace(microsecond=0)
