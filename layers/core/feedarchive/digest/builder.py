"""All that is due: today and the days before it, days that were never announced, index and status."""

from __future__ import annotations

import json
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime
from zoneinfo import ZoneInfo

from feedarchive.digest.build import BuiltDay, build_day
from feedarchive.digest.calendar import announced_days, days_in_archive, days_to_announce, recent_days
from feedarchive.digest.daily_mail import Announcer, announcement_for
from feedarchive.digest.index import indexed_days, write_index
from feedarchive.feeds.feed import Feed
from feedarchive.health.status_json import all_health, count_new_articles, load_states, write_status
from feedarchive.rfc3339 import format_rfc3339
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class BuildResult:
    """What a build did: the days it built, and those it announced."""

    built: tuple[BuiltDay, ...] = field(default=())
    announced: tuple[date, ...] = field(default=())


@dataclass(frozen=True)
class DigestBuilder:
    """Builds the digests of one archive. ``now`` is the time of the build, ``feeds_file`` what is wrong with
    feeds.toml, or "".
    """

    store: Store
    time_zone: ZoneInfo
    feeds: Sequence[Feed]
    now: datetime
    feeds_file: str = ""

    def build_due(self, announcer: Announcer) -> BuildResult:
        """Build what may have changed, announce the days that are over: at least once, in their order."""
        recent = recent_days(self.now, self.time_zone)
        known, complete = self._known_days()
        waiting = days_to_announce(known | set(recent), announced_days(self.store), self.now, self.time_zone)
        built = self._build([*waiting, *recent, *(() if complete else known)])
        people = self._write_indexes(built, known, all_days=not complete)
        announced = [day for day in waiting if day in built]
        for day in announced:
            announcer.announce(announcement_for(built[day].digest, self.store.location, people))
            self._mark_announced(built[day])
        self.store.sync()
        return BuildResult(tuple(built.values()), tuple(announced))

    def build_days(self, days: Collection[date]) -> BuildResult:
        """Build some days, without announcing them; and all others, if the index may not have them."""
        known, complete = self._known_days()
        others: Iterable[date] = known
        if complete:
            # An index that knows a day is believed to know all before it.
            newest, last = max(known), max(days)
            others = [day for day in days_in_archive(self.store) if newest < day < last] if newest < last else ()
        built = self._build([*days, *others])
        self._write_indexes(built, known, all_days=not complete)
        self.store.sync()
        return BuildResult(tuple(built[day] for day in sorted(days) if day in built))

    def build_all(self) -> BuildResult:
        """Build every day there is, without announcing any."""
        days = days_in_archive(self.store)
        built = self._build(days)
        self._write_indexes(built, set(days), all_days=True)
        self.store.sync()
        return BuildResult(tuple(built.values()))

    def _known_days(self) -> tuple[set[date], bool]:
        """The days there are, and whether the index has them all. Without an index, or with one from before the days
        that are looked at anyway, the store is asked.
        """
        indexed = set(indexed_days(self.store, self.time_zone.key))
        if indexed and max(indexed) >= recent_days(self.now, self.time_zone)[0]:
            return indexed, True
        known = set(days_in_archive(self.store))
        return known, bool(indexed) and max(indexed) >= max(known, default=max(indexed))

    def _build(self, days: Sequence[date]) -> dict[date, BuiltDay]:
        found = {day: build_day(self.store, day, self.time_zone.key) for day in sorted(set(days))}
        return {day: built for day, built in found.items() if built}

    def _write_indexes(self, built: dict[date, BuiltDay], known: set[date], all_days: bool) -> list[str]:
        """Index and status; the feeds that need a person, a line each."""
        write_index(self.store, self.time_zone.key, {d: b.digest.counts() for d, b in built.items()}, all_days)
        today = self.now.astimezone(self.time_zone).date()
        digests = [b.digest for b in built.values()]
        new = count_new_articles(self.store, digests, known, self.time_zone.key, today)
        health = all_health(self.feeds, load_states(self.store, self.feeds), new, self.now)
        write_status(self.store, health, new, self.now, self.feeds_file)
        broken = [f"{self.feeds_file}; the last good one stays in use"] if self.feeds_file else []
        return broken + [f"{h.title or h.feed}: {h.problem}; {h.advice}" for h in health if h.needs_a_person]

    def _mark_announced(self, built: BuiltDay) -> None:
        mark = {
            "day": built.digest.day.isoformat(),
            "announced": format_rfc3339(self.now),
            "counts": built.digest.counts(),
        }
        self.store.create(f"days/{mark['day']}.json", (json.dumps(mark) + "\n").encode())
