"""Which days a build must look at. Pure functions.

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

    - ``waiting``: the days to announce.
    - ``past``: the recent days before today.
    - ``files``: the number of files of each day in the index.
    - ``announced``: the announced days (ISO dates).
    - ``quiet``: no state has been saved since the last build, so no run has archived anything.
    - ``max_files``: a day with more files is large.
    """

    today: date
    waiting: Sequence[date]
    past: Sequence[date]
    files: Mapping[date, int]
    announced: Collection[str]
    quiet: bool = False
    max_files: int = MAX_FILES

    def first(self) -> list[date]:
        """Today and the days to announce. They are built first, in this order.

        If today is large and nothing has happened since the last build, it is left out.
        """
        today = [] if self.quiet and self._is_large(self.today) else [self.today]
        return [*today, *(day for day in self.waiting if day != self.today)]

    def then(self, announces: bool) -> list[date]:
        """The other recent days, newest first. ``announces``: this build announces a day, which happens once a day.

        If an interrupted run is completed days later, a past day gets another article. If that day is large, its digest
        lists the article when the next day is announced.
        """
        return [day for day in reversed(self.past) if day not in self.waiting and self._may_change(day, announces)]

    def _may_change(self, day: date, announces: bool) -> bool:
        is_open = day.isoformat() not in self.announced and not self.quiet
        return announces or is_open or not self._is_large(day)

    def _is_large(self, day: date) -> bool:
        return self.files.get(day, 0) > self.max_files
