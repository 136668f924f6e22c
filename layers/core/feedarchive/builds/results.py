"""What a build knows before it, of each day, and at its end."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime

from feedarchive.builds.damage_check import CheckedDay
from feedarchive.digest.index import Counts, IndexedDay, NewestRecord
from feedarchive.health.damage import DamagedFile
from feedarchive.health.status_json import LastStatus
from feedarchive.pages.feed import FeedEntry


@dataclass(frozen=True)
class DayResult:
    """A day that was built: its counts, the new articles of each feed, whether a file changed, article files read, the
    SHA-256 of its digest.json, what is needed to check the day for damage, and its entry in the feed if it has changed.

    It does not keep the digest: a build may cover many days, and a large day needs hundreds of megabytes.
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
    """The days that were built, oldest first, those that were announced, and all files known to be damaged.

    ``every_feed_fails_since`` is None if a feed does not fail, or if nothing has happened since the last build.
    """

    built: tuple[DayResult, ...] = field(default=())
    announced: tuple[date, ...] = field(default=())
    damage: tuple[DamagedFile, ...] = field(default=())
    every_feed_fails_since: datetime | None = None


@dataclass(frozen=True)
class ArchiveBefore:
    """The archive before a build: the fingerprint of its states, status.json, the index, and all days.

    ``complete``: the index lists all days. ``newest`` is the newest record by the index, ``records`` are the keys in
    ``days/``.
    """

    states: str
    status: LastStatus
    indexed: dict[date, IndexedDay]
    days: set[date]
    complete: bool
    newest: NewestRecord | None
    records: Sequence[str]


def build_result(
    built: Iterable[DayResult], damage: tuple[DamagedFile, ...], announced: Iterable[date] = ()
) -> BuildResult:
    """The result of a build, its days sorted."""
    return BuildResult(tuple(sorted(built, key=lambda each: each.day)), tuple(announced), damage)
