"""Which days a build must look at. Pure.

A listing in S3 has 1,000 keys per request, and a large archive has days of 100,000 files. So a day with many files is
listed only when something may have changed in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

MAX_FILES = 1_000
"""A day with more files is large."""


@dataclass(frozen=True)
class RecentDays:
    """The days that may still change: today, the days to announce, and the other recent days.

    ``files`` is the number of files of each day in the index, ``announced`` are the announced days (ISO). ``quiet``: no
    state has been saved since the last build, so no run has archived anything. A day with more than ``max_files`` is
    large.
    """

    today: date
    waiting: Sequence[date]
    past: Sequence[date]
    files: Mapping[date, int]
    announced: Collection[str]
    quiet: bool = False
    max_files: int = MAX_FILES

    def first(self) -> list[date]:
        """Today and the days to announce. They are built first, in this order."""
        today = [] if self.quiet and self._is_large(self.today) else [self.today]
        return [*today, *(day for day in self.waiting if day != self.today)]

    def then(self, announces: bool) -> list[date]:
        """The other recent days, newest first. ``announces``: this build announces a day, which happens once a day.

        An interrupted run may be completed days later. A large day gets such an article when the next day is announced.
        """
        return [day for day in reversed(self.past) if day not in self.waiting and self._may_change(day, announces)]

    def _may_change(self, day: date, announces: bool) -> bool:
        is_open = day.isoformat() not in self.announced and not self.quiet
        return announces or is_open or not self._is_large(day)

    def _is_large(self, day: date) -> bool:
        return self.files.get(day, 0) > self.max_files
