"""Build everything that may have changed: digests and pages of some days, the index and status.json.

A scheduled build looks at the recent days, and at older days that were not announced yet (by mail or in the log).
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from zoneinfo import ZoneInfo

from feedarchive.builds.archive_before import ArchiveBefore, newest_day, read_archive_before
from feedarchive.builds.build_day import BuiltDay, DayBuilder
from feedarchive.builds.damage_check import CheckedDay, DamageCheck
from feedarchive.builds.day_records import DayRecords
from feedarchive.builds.day_tables import DayTables
from feedarchive.builds.due_days import MAX_FILES, RecentDays
from feedarchive.builds.later_versions import LaterVersions
from feedarchive.builds.removed_files import RemovedFiles
from feedarchive.builds.results import BuildResult, DayResult, build_result
from feedarchive.builds.silence import Silence, silence_to_report
from feedarchive.builds.summaries import Summaries
from feedarchive.digest.calendar import (
    days_in_archive,
    days_in_months,
    days_to_announce,
    last_finished_day,
    recent_days,
)
from feedarchive.digest.digest import Digest
from feedarchive.digest.index import IndexedDay
from feedarchive.digest.new_articles import count_new
from feedarchive.feeds.feed import Feed
from feedarchive.health.damage import DamagedFile
from feedarchive.health.load_states import every_feed_fails_since
from feedarchive.health.status_json import Status, write_status
from feedarchive.mail.announcement import Announcer, Place, silence_announcement
from feedarchive.mail.attention import Attention, attention_for
from feedarchive.pages.feed import feed_entry
from feedarchive.pages.write_pages import PageSettings
from feedarchive.proof.file_list import file_hashes, list_hash
from feedarchive.proof.records import day_of_record
from feedarchive.proof.write_records import DayChange
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class _Days:
    """What a build knows about the days of the archive.

    - ``existing``: the days that have a folder, oldest first.
    - ``linked``: the days whose pages need new links. These are the days that are not in the index yet, and their
      neighbors.
    - ``later``: finds the revisions and companions that were archived on later days.
    """

    existing: Sequence[date]
    linked: Collection[date]
    later: LaterVersions


@dataclass(frozen=True)
class DigestBuilder:
    """Builds the digests and pages of one archive.

    - ``now``: the time of the build.
    - ``feeds_file_error``: the error in feeds.toml, for status.json and announcements; "" if there is none.
    - ``images``: show pictures in the pages.
    - ``pages_url``: the URL at which ``pages/`` is served, for links in mails; "" if it is not served.
    - ``on_built``: called with the digest of each day that was built.
    - ``retention``: how long files are kept; None for forever.
    - ``notices``: other problems for status.json and announcements. Each is a line such as "subject: problem".
    - ``max_files``: a day with more files counts as large (due_days.py).
    """

    store: Store
    time_zone: ZoneInfo
    feeds: Sequence[Feed]
    now: datetime
    feeds_file_error: str = ""
    images: bool = True
    pages_url: str = ""
    on_built: Callable[[Digest], None] = lambda digest: None
    retention: timedelta | None = None
    notices: tuple[str, ...] = ()
    max_files: int = MAX_FILES

    def build_due(self, announcer: Announcer) -> BuildResult:
        """Build the days that may have changed, today first. Announce the days that are over, oldest first.

        If the build is interrupted, the next build may announce a day a second time.
        """
        before = self._before()
        *past, today = recent_days(self.now, self.time_zone)
        announced = {day for key in before.records if (day := day_of_record(key))}
        waiting = days_to_announce(before.days | {*past, today}, announced, self.now, self.time_zone)
        files = {day: indexed.counts["files"] for day, indexed in before.indexed.items()}
        quiet = before.status.is_current(before.states, self.now)
        recent = RecentDays(today, waiting, past, files, announced, quiet, self.max_files)
        days = self._all_days({*recent.first(), *past}, before)
        built = self._build(recent.first(), days, before.indexed)
        announced_now = [day for day in waiting if day in built]
        more = recent.then(announces=bool(announced_now))
        others = {*days.linked, *(() if before.complete else before.days)} - set(more)
        last = [day for day in [*more, *sorted(others, reverse=True)] if day not in built]
        built |= self._build(last, days, before.indexed)
        due = {*recent.first(), *last}
        silence = None if announced_now else self._silence(before, built)
        written = self._summaries(before).write(built, due, announces=bool(announced_now or silence))
        if written.status:
            attention = attention_for(written.status.health, self.feeds_file_error, self.notices)
            for day in announced_now:
                self._tables().write(day)
                self._records().announce(day, announcer, attention, written.damage)
            if announced_now:
                self._records().save_chain_end()
            if silence:
                self._announce_silence(silence, announcer, attention, written.status)
        self.store.sync()
        failing = every_feed_fails_since(written.status.health) if written.status else None
        return replace(build_result(built.values(), written.damage, announced_now), every_feed_fails_since=failing)

    def build_days(self, days: Collection[date], accept: bool = False) -> BuildResult:
        """Build these days without announcing them.

        Other days that are missing in the index are built too, but are not in the result.

        ``accept``: a person accepts the files of ``days`` as they are. Missing and changed files no longer count as
        damage.
        """
        before = self._before()
        others: Iterable[date] = before.days
        if before.complete:
            # The index is complete up to its newest day, so only later days can be missing in it.
            newest, last = newest_day(before.days, self.now, self.time_zone) or date.max, max(days)
            others = [day for day in days_in_archive(self.store) if newest < day < last] if newest < last else ()
        built, damage = self._build_fully({*days, *others}, before, frozenset(days) if accept else frozenset())
        return build_result((built[day] for day in days if day in built), damage)

    def build_all(self) -> BuildResult:
        """Build every day of the archive without announcing it."""
        days = set(days_in_archive(self.store))
        built, damage = self._build_fully(days, replace(self._before(), days=days, complete=False))
        return build_result(built.values(), damage)

    def _build_fully(
        self, days: Collection[date], before: ArchiveBefore, accepted: Collection[date] = frozenset()
    ) -> tuple[dict[date, DayResult], tuple[DamagedFile, ...]]:
        all_days = self._all_days(days, before)
        due = {*days, *all_days.linked}
        built = self._build(
            sorted(due, reverse=True), all_days, before.indexed, only_if_changed=False, accepted=accepted
        )
        written = self._summaries(before).write(built, due, accepted)
        self.store.sync()
        return built, written.damage

    def _before(self) -> ArchiveBefore:
        return read_archive_before(self.store, self.time_zone, self.feeds, self.now)

    def _all_days(self, days: Collection[date], before: ArchiveBefore) -> _Days:
        """Find the days that have a folder. To save requests, the days that ``before`` contains are not looked up."""
        existing = sorted({*before.days, *days_in_months(self.store, set(days) - before.days)})
        new = [number for number, day in enumerate(existing) if day not in before.indexed]
        linked = {day for number in new for day in existing[max(number - 1, 0) : number + 2]}
        return _Days(existing, linked, LaterVersions(self.store, self.time_zone.key, existing))

    def _build(
        self,
        wanted: Iterable[date],
        days: _Days,
        indexed: Mapping[date, IndexedDay],
        only_if_changed: bool = True,
        accepted: Collection[date] = frozenset(),
    ) -> dict[date, DayResult]:
        """Build the ``wanted`` days in the given order. Days without a folder are skipped. Return the built days."""
        builder = DayBuilder(self.store, self.time_zone.key, self._removed_files(), days.later, self._record_change)
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
            expected = indexed[day].sha256 if day in indexed else ""
            if built := replace(builder, accept=day in accepted).build(day, settings, may_skip, expected):
                if built.is_recovered or not only_if_changed:
                    self._tables().after_build(day, built.is_recovered and built.changed)
                found[day] = self._day_result(built)
        return found

    def _removed_files(self) -> RemovedFiles:
        return RemovedFiles(self.store, self.now, self.retention)

    def _records(self) -> DayRecords:
        return DayRecords(self.store, self.time_zone.key, self.now, Place(self.store.location, self.pages_url))

    def _record_change(self, change: DayChange) -> None:
        self._records().record_change(change)
        self._tables().before_change(change.digest.day)

    def _tables(self) -> DayTables:
        return DayTables(self.store)

    def _day_result(self, built: BuiltDay) -> DayResult:
        self.on_built(built.digest)
        new = count_new(built.digest.entries)
        files = list_hash(file_hashes(built.digest.listed))
        checked = CheckedDay(files, built.damage, built.is_recovered)
        # The archive's own feed, in which each day is an entry, contains only recent days.
        is_new = built.digest.day >= recent_days(self.now, self.time_zone)[0]
        entry = feed_entry(built.digest, built.sha256) if built.changed and is_new and built.digest.entries else None
        counts = built.digest.counts()
        return DayResult(
            built.digest.day, counts, new, built.changed, built.articles_read, built.sha256, checked, entry
        )

    def _silence(self, before: ArchiveBefore, built: Mapping[date, DayResult]) -> Silence | None:
        """Return the silence (days without any new article) to announce now; None if there is none."""
        finished = last_finished_day(self.now, self.time_zone)
        counts = {day: indexed.counts for day, indexed in before.indexed.items()}
        counts |= {day: each.counts for day, each in built.items()}
        # Companions belong to articles of earlier days, so a day with only companions has no new article.
        with_articles = {day for day in (*before.days, *built) if day not in counts or counts[day]["files"]}
        return silence_to_report(with_articles, before.status.silence_reported, finished)

    def _summaries(self, before: ArchiveBefore) -> Summaries:
        check = DamageCheck(self.store, self.time_zone.key, self._removed_files(), self._records().record_change)
        return Summaries(
            self.store, self.time_zone, self.feeds, self.now, before, check, self.feeds_file_error, self.notices
        )

    def _announce_silence(
        self, silence: Silence, announcer: Announcer, attention: Sequence[Attention], status: Status
    ) -> None:
        place = Place(self.store.location, self.pages_url)
        announcer.announce(silence_announcement(silence.since, silence.until, place, attention, self.now))
        write_status(self.store, replace(status, silence_reported=silence.until))
