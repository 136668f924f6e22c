"""Build everything that is due: digests and pages of recent and of unannounced days, the index and status.json."""

from __future__ import annotations

import json
from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from feedarchive.builds.build_day import BuiltDay, build_day
from feedarchive.builds.due_days import RecentDays
from feedarchive.builds.silence import Silence, silence_to_report
from feedarchive.digest.calendar import (
    announced_days,
    days_in_archive,
    days_in_months,
    days_to_announce,
    last_finished_day,
    recent_days,
)
from feedarchive.digest.digest import Digest, day_folder, make_digest, parse_digest_json
from feedarchive.digest.index import Counts, indexed_days, write_index
from feedarchive.digest.markdown_page import describe_counts
from feedarchive.digest.new_articles import count_new, count_new_articles
from feedarchive.feeds.feed import Feed
from feedarchive.health.load_states import all_health, fingerprint_of_states, load_states
from feedarchive.health.status_json import LastStatus, Status, read_status, write_status
from feedarchive.mail.announcement import Announcer, Place, announcement_for, silence_announcement
from feedarchive.mail.attention import Attention, attention_for
from feedarchive.pages.days_page import DAYS_PAGE, days_page
from feedarchive.pages.write_pages import PageSettings
from feedarchive.rfc3339 import format_rfc3339
from feedarchive.store.interface import Store
from feedarchive.store.update import write_if_changed


@dataclass(frozen=True)
class DayResult:
    """A day that was built: its counts, the new articles of each feed, whether a file changed, article files read.

    It does not keep the digest: a build may cover many days, and a large day needs hundreds of megabytes.
    """

    day: date
    counts: Counts
    new: dict[str, int]
    changed: bool
    articles_read: int


@dataclass(frozen=True)
class BuildResult:
    """The days that were built, oldest first, and those that were announced."""

    built: tuple[DayResult, ...] = field(default=())
    announced: tuple[date, ...] = field(default=())


@dataclass(frozen=True)
class _Before:
    """The archive before a build: the fingerprint of its states, status.json, the index, and all days.

    ``complete``: the index lists all days.
    """

    states: str
    status: LastStatus
    indexed: dict[date, Counts]
    days: set[date]
    complete: bool


@dataclass(frozen=True)
class _Days:
    """The days that have a folder, oldest first, and those whose pages must link to a day that the index lacks."""

    existing: Sequence[date]
    linked: Collection[date]


@dataclass(frozen=True)
class DigestBuilder:
    """Builds the digests and pages of one archive.

    ``now`` is the time of the build, ``feeds_file_error`` the error in feeds.toml ("" if none), ``images`` whether
    pages contain images. ``pages_url`` is where ``pages/`` is served, "" if it is not: mails link to it. ``on_built``
    is called with the digest of each day that was built.
    """

    store: Store
    time_zone: ZoneInfo
    feeds: Sequence[Feed]
    now: datetime
    feeds_file_error: str = ""
    images: bool = True
    pages_url: str = ""
    on_built: Callable[[Digest], None] = lambda digest: None

    def build_due(self, announcer: Announcer) -> BuildResult:
        """Build the days that may have changed, today first. Announce the days that are over, oldest first.

        After an interruption, a day may be announced twice.
        """
        before = self._before()
        *past, today = recent_days(self.now, self.time_zone)
        announced = announced_days(self.store)
        waiting = days_to_announce(before.days | {*past, today}, announced, self.now, self.time_zone)
        files = {day: counts["files"] for day, counts in before.indexed.items()}
        quiet = before.status.is_current(before.states, self.now)
        recent = RecentDays(today, waiting, past, files, announced, quiet)
        days = self._all_days({*recent.first(), *past}, before)
        built = self._build(recent.first(), days)
        announced_now = [day for day in waiting if day in built]
        more = recent.then(announces=bool(announced_now))
        others = {*days.linked, *(() if before.complete else before.days)} - set(more)
        built |= self._build([day for day in [*more, *sorted(others, reverse=True)] if day not in built], days)
        silence = None if announced_now else self._silence(before, built)
        status = self._write_index_and_status(built, before, announces=bool(announced_now or silence))
        if status:
            attention = attention_for(status.health, self.feeds_file_error)
            for day in announced_now:
                self._announce(day, announcer, attention)
            if silence:
                self._announce_silence(silence, announcer, attention, status)
        self.store.sync()
        return _result(built.values(), announced_now)

    def build_days(self, days: Collection[date]) -> BuildResult:
        """Build these days and any other day that the index may lack, without announcing them.

        Return only the days that were asked for.
        """
        before = self._before()
        others: Iterable[date] = before.days
        if before.complete:
            # An index that lists a day lists all earlier days too.
            newest, last = max(before.days), max(days)
            others = [day for day in days_in_archive(self.store) if newest < day < last] if newest < last else ()
        built = self._build_fully({*days, *others}, before)
        return _result(built[day] for day in days if day in built)

    def build_all(self) -> BuildResult:
        """Build every day of the archive without announcing it."""
        days = set(days_in_archive(self.store))
        return _result(self._build_fully(days, replace(self._before(), days=days, complete=False)).values())

    def _build_fully(self, days: Collection[date], before: _Before) -> dict[date, DayResult]:
        all_days = self._all_days(days, before)
        built = self._build(sorted({*days, *all_days.linked}), all_days, only_if_changed=False)
        self._write_index_and_status(built, before)
        self.store.sync()
        return built

    def _before(self) -> _Before:
        """The archive before the build. The index is complete if its last day is one of those that are built anyway.

        Otherwise the store is listed.
        """
        # First of all: a run saves its state after its articles.
        states, status = fingerprint_of_states(self.store, self.feeds), read_status(self.store)
        indexed = indexed_days(self.store, self.time_zone.key)
        if indexed and max(indexed) >= recent_days(self.now, self.time_zone)[0]:
            return _Before(states, status, indexed, set(indexed), complete=True)
        days = set(days_in_archive(self.store))
        complete = bool(indexed) and max(indexed) >= max(days, default=max(indexed))
        return _Before(states, status, indexed, days, complete)

    def _all_days(self, days: Collection[date], before: _Before) -> _Days:
        """The days that have a folder: the known ones, and all in the months of the other ``days``."""
        existing = sorted({*before.days, *days_in_months(self.store, set(days) - before.days)})
        new = [number for number, day in enumerate(existing) if day not in before.indexed]
        return _Days(existing, {day for number in new for day in existing[max(number - 1, 0) : number + 2]})

    def _build(self, wanted: Iterable[date], days: _Days, only_if_changed: bool = True) -> dict[date, DayResult]:
        """Build days, in this order. A day that has no folder is not built."""
        found: dict[date, DayResult] = {}
        for day in wanted:
            before, after = bisect_left(days.existing, day), bisect_right(days.existing, day)
            if before == after:
                continue
            settings = PageSettings(
                self.images,
                previous=days.existing[before - 1] if before else None,
                next=days.existing[after] if after < len(days.existing) else None,
            )
            may_skip = only_if_changed and day not in days.linked
            if built := build_day(self.store, day, self.time_zone.key, settings, only_if_changed=may_skip):
                found[day] = self._day_result(built)
        return found

    def _day_result(self, built: BuiltDay) -> DayResult:
        self.on_built(built.digest)
        new = count_new(built.digest.entries)
        return DayResult(built.digest.day, built.digest.counts(), new, built.changed, built.articles_read)

    def _silence(self, before: _Before, built: Collection[date]) -> Silence | None:
        """The silence to announce now, None if there is none."""
        finished = last_finished_day(self.now, self.time_zone)
        return silence_to_report({*before.days, *built}, before.status.silence_reported, finished)

    def _write_index_and_status(
        self, built: dict[date, DayResult], before: _Before, announces: bool = False
    ) -> Status | None:
        """Write the indexes and status.json. Return what was written to the latter, None if it was not written.

        Neither is written if it would be the same: no day has changed, and no state was saved since the last build.
        """
        counts = {day: each.counts for day, each in built.items()}
        indexed = before.indexed
        if not before.complete or any(indexed.get(day) != each for day, each in counts.items()):
            indexed = write_index(self.store, self.time_zone.key, counts, all_days=not before.complete)
        rows = [(day, describe_counts(indexed[day])) for day in sorted(indexed, reverse=True)]
        write_if_changed(self.store, DAYS_PAGE, days_page(rows))
        changed = any(each.changed for each in built.values())
        if not (changed or announces) and before.status.is_current(before.states, self.now, self.feeds_file_error):
            return None
        today = self.now.astimezone(self.time_zone).date()
        fresh = {day: each.new for day, each in built.items()}
        known = before.status.new_by_day
        new = count_new_articles(self.store, fresh, known, before.days, self.time_zone.key, today)
        health = all_health(self.feeds, load_states(self.store, self.feeds), new, self.now)
        reported = before.status.silence_reported
        status = Status(health, new, self.now, self.feeds_file_error, before.states, reported)
        write_status(self.store, status)
        return status

    def _announce(self, day: date, announcer: Announcer, attention: Sequence[Attention]) -> None:
        stored = self.store.read(f"{day_folder(day)}digest.json")
        entries = parse_digest_json(stored.data, day, self.time_zone.key) if stored else {}
        digest = make_digest(day, self.time_zone.key, entries.values())
        announcer.announce(announcement_for(digest, self._place, attention, self.now))
        record = {"day": day.isoformat(), "announced": format_rfc3339(self.now), "counts": digest.counts()}
        self.store.create(f"days/{day}.json", (json.dumps(record) + "\n").encode())

    def _announce_silence(
        self, silence: Silence, announcer: Announcer, attention: Sequence[Attention], status: Status
    ) -> None:
        announcer.announce(silence_announcement(silence.since, silence.until, self._place, attention, self.now))
        write_status(self.store, replace(status, silence_reported=silence.until))

    @property
    def _place(self) -> Place:
        return Place(self.store.location, self.pages_url)


def _result(built: Iterable[DayResult], announced: Sequence[date] = ()) -> BuildResult:
    return BuildResult(tuple(sorted(built, key=lambda each: each.day)), tuple(announced))
