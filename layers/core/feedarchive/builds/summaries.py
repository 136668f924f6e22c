"""Write what summarizes all days and feeds: the index, the page of all days, the archive's feed, and status.json."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from feedarchive.builds.damage_check import DamageCheck
from feedarchive.builds.results import ArchiveBefore, DayResult
from feedarchive.digest.index import IndexedDay, NewestRecord, write_index
from feedarchive.digest.markdown_page import describe_counts
from feedarchive.digest.new_articles import count_new_articles
from feedarchive.feeds.feed import Feed
from feedarchive.health.damage import DamagedFile
from feedarchive.health.load_states import all_health, load_states
from feedarchive.health.status_json import Status, write_status
from feedarchive.pages.days_page import DAYS_PAGE, days_page
from feedarchive.pages.write_feed import write_feed
from feedarchive.proof.records import RECORDS
from feedarchive.proof.write_records import newest_record
from feedarchive.store.interface import Store
from feedarchive.store.update import write_if_changed


@dataclass(frozen=True)
class Written:
    """What was written to status.json (None if it was not written), and all files that are known to be damaged."""

    status: Status | None
    damage: tuple[DamagedFile, ...]


@dataclass(frozen=True)
class Summaries:
    """The summaries of one archive at the time ``now``, after ``before``. ``check`` looks for damaged files."""

    store: Store
    time_zone: ZoneInfo
    feeds: Sequence[Feed]
    now: datetime
    before: ArchiveBefore
    check: DamageCheck
    feeds_file_error: str = ""
    notices: tuple[str, ...] = ()

    def write(
        self,
        built: Mapping[date, DayResult],
        due: Collection[date],
        accepted: Collection[date] = frozenset(),
        announces: bool = False,
    ) -> Written:
        """Write them.

        None is written if it would be the same: no day has changed, and no state was saved since the last build.
        ``due`` are the days that were to be built; a day of which nothing is left is not in ``built``.
        """
        before = self.before
        checked = {day: each.checked for day, each in built.items()}
        gone = {day for day in before.indexed if day not in built and (day in due or not before.complete)}
        found = self.check.check(checked, gone, before.status.damage, accepted)
        kept = {day: before.indexed[day] for day in found.lost_days}
        self._write_indexes(built, kept, gone & set(accepted))
        changed = any(each.changed for each in built.values()) or found.damage != before.status.damage
        if not (changed or announces) and self._is_current():
            return Written(None, found.damage)
        return Written(self._write_status(built, found.damage), found.damage)

    def _write_indexes(
        self, built: Mapping[date, DayResult], kept: Mapping[date, IndexedDay], removed: Collection[date]
    ) -> None:
        """Write the index, and the page and the feed that are made from it. ``kept`` are days that were lost."""
        before = self.before
        days = {day: IndexedDay(each.counts, each.sha256) for day, each in built.items()} | dict(kept)
        indexed = before.indexed
        has_all_hashes = all(each.sha256 for each in indexed.values())
        has_changed = removed or any(indexed.get(day) != each for day, each in days.items())
        record = newest_record(self.store, self.store.list(RECORDS))
        newest = NewestRecord(record.day, record.sha256) if record else None
        if has_changed or not (before.complete and has_all_hashes) or newest != before.newest:
            indexed = write_index(self.store, self.time_zone.key, days, not before.complete, removed, newest)
        rows = [(day, describe_counts(indexed[day].counts)) for day in sorted(indexed, reverse=True)]
        write_if_changed(self.store, DAYS_PAGE, days_page(rows))
        write_feed(self.store, self.time_zone.key, indexed)

    def _is_current(self) -> bool:
        last = self.before.status
        is_same = (last.feeds_file_error, last.notices) == (self.feeds_file_error, self.notices)
        return is_same and last.is_current(self.before.states, self.now)

    def _write_status(self, built: Mapping[date, DayResult], damage: tuple[DamagedFile, ...]) -> Status:
        before, today = self.before, self.now.astimezone(self.time_zone).date()
        fresh = {day: each.new for day, each in built.items()}
        known = before.status.new_by_day
        new = count_new_articles(self.store, fresh, known, before.days, self.time_zone.key, today)
        health = all_health(self.feeds, load_states(self.store, self.feeds), new, self.now)
        reported = before.status.silence_reported
        status = Status(health, new, self.now, self.feeds_file_error, before.states, reported, damage, self.notices)
        write_status(self.store, status)
        return status
