"""Data classes: the result of building one day, and the result of the whole build."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime

from feedarchive.builds.damage_check import CheckedDay
from feedarchive.digest.index import Counts
from feedarchive.health.damage import DamagedFile
from feedarchive.pages.feed import FeedEntry


@dataclass(frozen=True)
class DayResult:
    """The result of building one day.

    - ``new``: the number of new articles of each feed, by the feed's URL.
    - ``changed``: whether the build changed the digest or a page.
    - ``articles_read``: how many article files were read.
    - ``sha256``: the SHA-256 of the day's digest.json.
    - ``checked``: the files of the day and their damage.
    - ``feed_entry``: the day's new entry for the archive's own Atom feed; None if the feed needs no new entry.

    The digest itself is not kept: a build may cover many days, and the digest of a large day takes hundreds of
    megabytes of memory.
    """

    day: date
    counts: Counts
    new: dict[str, int]
    changed: bool
    articles_read: int
    sha256: str
    checked: CheckedDay
    feed_entry: FeedEntry | None = None


@dataclass(frozen=True)
class BuildResult:
    """The result of a build.

    - ``built``: the days that were built, oldest first.
    - ``announced``: the days that were announced.
    - ``damage``: all files that are known to be damaged.
    - ``every_feed_fails_since``: the time since which every feed fails. None if at least one feed works, or if the
      build did not look at the feeds because nothing had changed.
    """

    built: tuple[DayResult, ...] = field(default=())
    announced: tuple[date, ...] = field(default=())
    damage: tuple[DamagedFile, ...] = field(default=())
    every_feed_fails_since: datetime | None = None


def build_result(
    built: Iterable[DayResult], damage: tuple[DamagedFile, ...], announced: Iterable[date] = ()
) -> BuildResult:
    """Make the result of a build. The days are sorted, oldest first."""
    return BuildResult(tuple(sorted(built, key=lambda each: each.day)), tuple(announced), damage)
