"""Decide which days a build must look at. Pure functions.

A request to S3 lists 1,000 keys, and days of large archives have 100,000 files. So the folder of a day with many files
is listed only if something may have changed in it.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

MAX_FILES = 1_000
"""A day with more files is large."""


@dataclass(frozen=True)
class RecentDays:
    """The days that may still change. Each day is announced (by mail or in the log) when it is over.

    - ``waiting``: the days that this build will announce.
    - ``past``: the eight days before today, oldest first.
    - ``files``: the number of files of each day in the index.
    - ``announced``: the days that earlier builds announced.
    - ``quiet``: whether nothing was archived since the last build.
    - ``max_files``: a day with more files is large.
    """

    today: date
    waiting: Sequence[date]
    past: Sequence[date]
    files: Mapping[date, int]
    announced: Collection[date]
    quiet: bool = False
    max_files: int = MAX_FILES

    def first(self) -> list[date]:
        """The days to build first: today, then the days in ``waiting``.

        Today is left out if it already has many files and nothing was archived since the last build.
        """
        today = [] if self.quiet and self._is_large(self.today) else [self.today]
        return [*today, *(day for day in self.waiting if day != self.today)]

    def then(self, announces: bool) -> list[date]:
        """The days in ``past`` that are not in ``waiting``, newest first. Build them after the days of ``first``.

        If the build announces a day (``announces``), no day is left out. Otherwise large days that were announced are
        left out. All large days are left out if nothing was archived since the last build.
        """
        return [day for day in reversed(self.past) if day not in self.waiting and self._may_change(day, announces)]

    def _may_change(self, day: date, announces: bool) -> bool:
        is_open = day not in self.announced and not self.quiet
        return announces or is_open or not self._is_large(day)

    def _is_large(self, day: date) -> bool:
        return self.files.get(day, 0) > self.max_files
