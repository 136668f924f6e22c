"""Build everything that is due: digests and pages of recent and of unannounced days, the index and status.json."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from feedarchive.builds.build_day import BuiltDay, build_day
from feedarchive.digest.calendar import announced_days, days_in_archive, days_in_months, days_to_announce, recent_days
from feedarchive.digest.daily_mail import Announcer, announcement_for
from feedarchive.digest.index import indexed_days, write_index
from feedarchive.digest.markdown_page import describe_counts
from feedarchive.digest.new_articles import count_new_articles
from feedarchive.feeds.feed import Feed
from feedarchive.health.status_json import all_health, load_states, write_status
from feedarchive.pages.days_page import DAYS_PAGE, days_page
from feedarchive.pages.write_pages import PageSettings
from feedarchive.rfc3339 import format_rfc3339
from feedarchive.store.interface import Store
from feedarchive.store.update import write_if_changed


@dataclass(frozen=True)
class BuildResult:
    """The days that were built and those that were announced."""

    built: tuple[BuiltDay, ...] = field(default=())
    announced: tuple[date, ...] = field(default=())


@dataclass(frozen=True)
class DigestBuilder:
    """Builds the digests and pages of one archive.

    ``now`` is the time of the build, ``feeds_file_error`` the error in feeds.toml ("" if none), ``images`` whether
    pages contain images.
    """

    store: Store
    time_zone: ZoneInfo
    feeds: Sequence[Feed]
    now: datetime
    feeds_file_error: str = ""
    images: bool = True

    def build_due(self, announcer: Announcer) -> BuildResult:
        """Build the days that may have changed, and announce the days that are over, oldest first.

        After an interruption, a day may be announced twice.
        """
        recent = recent_days(self.now, self.time_zone)
        known, complete = self._known_days()
        waiting = days_to_announce(known | set(recent), announced_days(self.store), self.now, self.time_zone)
        built = self._build([*waiting, *recent, *(() if complete else known)], known)
        attention = self._write_index_and_status(built, known, all_days=not complete)
        announced = [day for day in waiting if day in built]
        for day in announced:
            announcer.announce(announcement_for(built[day].digest, self.store.location, attention))
            self._record_announcement(built[day])
        self.store.sync()
        return BuildResult(tuple(built.values()), tuple(announced))

    def build_days(self, days: Collection[date]) -> BuildResult:
        """Build these days and any other day that the index may lack, without announcing them.

        Return only the days that were asked for.
        """
        known, complete = self._known_days()
        others: Iterable[date] = known
        if complete:
            # An index that lists a day lists all earlier days too.
            newest, last = max(known), max(days)
            others = [day for day in days_in_archive(self.store) if newest < day < last] if newest < last else ()
        built = self._build([*days, *others], known)
        self._write_index_and_status(built, known, all_days=not complete)
        self.store.sync()
        return BuildResult(tuple(built[day] for day in sorted(days) if day in built))

    def build_all(self) -> BuildResult:
        """Build every day of the archive without announcing it."""
        days = days_in_archive(self.store)
        built = self._build(days, set(days))
        self._write_index_and_status(built, set(days), all_days=True)
        self.store.sync()
        return BuildResult(tuple(built.values()))

    def _known_days(self) -> tuple[set[date], bool]:
        """The days of the archive, and whether the index lists all of them.

        The index is complete if its last day is one of those that are built anyway. Otherwise the store is listed.
        """
        indexed = set(indexed_days(self.store, self.time_zone.key))
        if indexed and max(indexed) >= recent_days(self.now, self.time_zone)[0]:
            return indexed, True
        known = set(days_in_archive(self.store))
        return known, bool(indexed) and max(indexed) >= max(known, default=max(indexed))

    def _build(self, days: Iterable[date], known: Collection[date]) -> dict[date, BuiltDay]:
        """Build days. Also build the days before and after each new day, because their pages link to it."""
        due = set(days)
        existing = sorted({*known, *days_in_months(self.store, due - set(known))})
        position = {day: number for number, day in enumerate(existing)}
        for day in sorted(due & set(existing) - set(known)):
            due |= set(existing[max(position[day] - 1, 0) : position[day] + 2])
        found: dict[date, BuiltDay] = {}
        for day in sorted(due):
            before, after = bisect_left(existing, day), bisect_right(existing, day)
            settings = PageSettings(
                self.images,
                previous=existing[before - 1] if before else None,
                next=existing[after] if after < len(existing) else None,
            )
            if built := build_day(self.store, day, self.time_zone.key, settings):
                found[day] = built
        return found

    def _write_index_and_status(self, built: dict[date, BuiltDay], known: set[date], all_days: bool) -> list[str]:
        """Write the indexes and status.json. Return a line for each feed that needs attention."""
        counts = {day: each.digest.counts() for day, each in built.items()}
        indexed = write_index(self.store, self.time_zone.key, counts, all_days)
        rows = [(day, describe_counts(indexed[day])) for day in sorted(indexed, reverse=True)]
        write_if_changed(self.store, DAYS_PAGE, days_page(rows))
        today = self.now.astimezone(self.time_zone).date()
        digests = [b.digest for b in built.values()]
        new = count_new_articles(self.store, digests, known, self.time_zone.key, today)
        health = all_health(self.feeds, load_states(self.store, self.feeds), new, self.now)
        write_status(self.store, health, new, self.now, self.feeds_file_error)
        error = self.feeds_file_error
        attention = [f"{error}; the last good feeds.toml stays in use"] if error else []
        return attention + [f"{h.title or h.feed}: {h.problem}; {h.advice}" for h in health if h.needs_a_person]

    def _record_announcement(self, built: BuiltDay) -> None:
        record = {
            "day": built.digest.day.isoformat(),
            "announced": format_rfc3339(self.now),
            "counts": built.digest.counts(),
        }
        self.store.create(f"days/{record['day']}.json", (json.dumps(record) + "\n").encode())
