"""The archive before a build, the result of building one day, and the result of the build."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from feedarchive.builds.damage_check import CheckedDay
from feedarchive.digest.index import ChainEnd, Counts, IndexedDay
from feedarchive.health.damage import DamagedFile
from feedarchive.health.status_json import LastStatus
from feedarchive.pages.feed import FeedEntry


@dataclass(frozen=True)
class DayResult:
    """The result of building one day.

    - ``new``: the number of new articles of each feed, by the feed's URL.
    - ``changed``: whether a file of the day was changed.
    - ``articles_read``: how many files of articles were read.
    - ``sha256``: the SHA-256 of the day's digest.json.
    - ``checked``: what the check for damage needs.
    - ``feed_entry``: the day's new entry in the Atom feed of digests; None if the feed needs none.

    The digest is not kept: a build may cover many days, and the digest of a large day needs hundreds of megabytes.
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
    - ``every_feed_fails_since``: since when every feed fails. None if at least one feed does not fail, or if nothing
      happened since the last build.
    """

    built: tuple[DayResult, ...] = field(default=())
    announced: tuple[date, ...] = field(default=())
    damage: tuple[DamagedFile, ...] = field(default=())
    every_feed_fails_since: datetime | None = None


@dataclass(frozen=True)
class ArchiveBefore:
    """The archive before a build.

    - ``states``: the fingerprint of the states of all feeds.
    - ``status``: the last status.json.
    - ``indexed``: the days in the index.
    - ``days``: all days.
    - ``complete``: the index lists all days.
    - ``end``: the end of the chain of records according to the index.
    - ``records``: the keys in ``days/``.
    """

    states: str
    status: LastStatus
    indexed: dict[date, IndexedDay]
    days: set[date]
    complete: bool
    end: ChainEnd
    records: Sequence[str]


def build_result(
    built: Iterable[DayResult], damage: tuple[DamagedFile, ...], announced: Iterable[date] = ()
) -> BuildResult:
    """The result of a build, its days sorted."""
    return BuildResult(tuple(sorted(built, key=lambda each: each.day)), tuple(announced), damage)
