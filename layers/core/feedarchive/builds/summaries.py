"""Write the files about all days and feeds: the index, the page of all days, the archive's own feed, status.json."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from zoneinfo import ZoneInfo

from feedarchive.builds.archive_before import ArchiveBefore
from feedarchive.builds.damage_check import DamageCheck
from feedarchive.builds.results import DayResult
from feedarchive.digest.index import IndexedDay, write_index
from feedarchive.digest.markdown_page import describe_counts
from feedarchive.digest.new_articles import count_new_articles
from feedarchive.feeds.feed import Feed
from feedarchive.health.damage import DamagedFile
from feedarchive.health.feed_health import FeedHealth
from feedarchive.health.load_states import all_health, load_shards, load_states
from feedarchive.health.quiet_hours import MAX_SHARDS, health_before, shards_in_turn
from feedarchive.health.status_json import NewByDay, Status, write_status
from feedarchive.pages.days_page import DAYS_PAGE, days_page
from feedarchive.pages.write_feed import write_feed
from feedarchive.polling.shards import shards_of
from feedarchive.proof.chain_end import chain_end
from feedarchive.proof.records import RECORDS, record_key
from feedarchive.store.interface import Store
from feedarchive.store.update import write_if_changed


@dataclass(frozen=True)
class Written:
    """The result of writing the summaries.

    - ``status``: the contents of the new status.json; None if it was not written.
    - ``damage``: all files that are known to be damaged.
    """

    status: Status | None
    damage: tuple[DamagedFile, ...]


@dataclass(frozen=True)
class Summaries:
    """Writes the summaries of one archive at the time ``now``.

    - ``before``: the archive before the build.
    - ``check``: finds damaged files.
    - ``feeds_file_error``, ``notices``: problems to write to status.json.
    """

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
        """Write the index, the page of all days, the archive's feed and status.json.

        status.json is written only if its content may have changed, or if ``announces`` is True.

        - ``built``: the days that were built.
        - ``due``: the days that had to be built. A due day that is not in ``built`` has no files left.
        - ``accepted``: the days whose damage a person has accepted.
        - ``announces``: whether the build sends people a message, for example that a day is finished.
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
        return Written(self._write_status(built, found.damage, is_quiet=not (changed or announces)), found.damage)

    def _write_indexes(
        self, built: Mapping[date, DayResult], kept: Mapping[date, IndexedDay], removed: Collection[date]
    ) -> None:
        """Write the index, and from it the page of all days and the archive's feed.

        - ``built``: the days that were built.
        - ``kept``: days that have lost all their files. They stay in the index until a person accepts the loss.
        - ``removed``: days whose loss a person has accepted. They are removed from the index.
        """
        before = self.before
        days = {day: IndexedDay(each.counts, each.sha256) for day, each in built.items()} | dict(kept)
        indexed = before.indexed
        has_all_hashes = all(each.sha256 for each in indexed.values())
        changed = {*removed, *(day for day, each in days.items() if indexed.get(day) != each)}
        # If a changed day has a day record, this build has written a change record. So list the records again.
        is_recorded = any(record_key(day) in before.records for day in changed)
        records = tuple(self.store.list(RECORDS)) if is_recorded else before.records
        end = chain_end(self.store, records, before.end)
        if changed or not (before.complete and has_all_hashes) or end != before.end:
            indexed = write_index(self.store, self.time_zone.key, days, not before.complete, removed, end)
        rows = [(day, describe_counts(indexed[day].counts)) for day in sorted(indexed, reverse=True)]
        write_if_changed(self.store, DAYS_PAGE, days_page(rows))
        made = {day: each.feed_entry for day, each in built.items() if each.feed_entry}
        write_feed(self.store, self.time_zone.key, indexed, made)

    def _is_current(self) -> bool:
        last = self.before.status
        is_same = (last.feeds_file_error, last.notices) == (self.feeds_file_error, self.notices)
        return is_same and last.complete and last.is_current(self.before.states, self.now)

    def _write_status(self, built: Mapping[date, DayResult], damage: tuple[DamagedFile, ...], is_quiet: bool) -> Status:
        before, today = self.before, self.now.astimezone(self.time_zone).date()
        fresh = {day: each.new for day, each in built.items()}
        known = before.status.new_by_day
        new = count_new_articles(self.store, fresh, known, before.days, self.time_zone.key, today)
        health = self._health_from_some_shards(new) if is_quiet and before.status.is_of_day(self.now) else None
        complete = health is None
        if health is None:
            health = all_health(self.feeds, load_states(self.store, self.feeds), new, self.now)
        reported = before.status.silence_reported
        status = Status(
            health, new, self.now, self.feeds_file_error, before.states, reported, damage, self.notices, complete
        )
        write_status(self.store, status, before.status.stored)
        return status

    def _health_from_some_shards(self, new: NewByDay) -> list[FeedHealth] | None:
        """Return the health of all feeds. Read the states of a few shards, and take the rest from the last status.json.

        Returns None if all shards must be read: if there are few shards, if a feed is new or has a new URL, or if every
        feed fails in the shards that were read.
        """
        shards = shards_of(self.feeds)
        if len(shards) <= MAX_SHARDS:
            return None
        known = health_before(self.before.status)
        if any(feed.id not in known or known[feed.id].url != feed.public_url for feed in self.feeds):
            return None
        states = load_shards(self.store, shards_in_turn(shards, self.now))
        every_feed_fails = all(each.state.failing_since for each in states.values())
        return None if every_feed_fails else all_health(self.feeds, states, new, self.now, known)
