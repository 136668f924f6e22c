"""A clock that tests set and move."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

CHRISTMAS = datetime(2025, 12, 25, 10, 0, 0, tzinfo=UTC)


class Clock:
    """Call it for the current time; ``move(hours=1)`` advances it."""

    def __init__(self, now: datetime = CHRISTMAS) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> None:
        self.now += timedelta(**by)
