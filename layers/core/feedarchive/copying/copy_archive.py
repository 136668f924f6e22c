"""Copy an archive to another folder or bucket: either everything, or only the files that people read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from functools import cached_property

from feedarchive.archive.manifest import MANIFEST
from feedarchive.archive.retention import RETENTION
from feedarchive.archive.stored_feeds import FEEDS_FILE, LAST_VALID
from feedarchive.article.file_names import CompanionKind, companion_kind, is_archived_file
from feedarchive.concurrency import in_parallel
from feedarchive.copying.compare_sides import Side, check_sides, is_same_day, read_side
from feedarchive.copying.copy_claims import compare_claims, copy_claims
from feedarchive.copying.copy_day import DayCopier
from feedarchive.copying.copy_documents import copy_documents
from feedarchive.copying.copy_media import MediaCopier
from feedarchive.copying.errors import CannotCopy
from feedarchive.copying.report import CopyProblem, CopyReport, FileProblem, NoProgress, Progress
from feedarchive.copying.selection import Selection
from feedarchive.copying.transfer import Pair, Transfer
from feedarchive.digest.calendar import days_in_archive
from feedarchive.digest.digest import day_folder
from feedarchive.digest.digest_json import parse_digest
from feedarchive.digest.index import IndexedDay, index_to_json
from feedarchive.digest.indexed_dates import INDEX
from feedarchive.digest.markdown_page import describe_counts
from feedarchive.hashes import sha256_of
from feedarchive.health.status_json import STATUS
from feedarchive.pages.days_page import DAYS_PAGE, days_page
from feedarchive.stamps.last_error import LAST_ERROR
from feedarchive.store.interface import Presence, Store

# The digests of the newest day and the nine days before it may not list all files yet.
_RECENT = timedelta(days=9)
_MAX_PASSES = 5
_RECORDS = ("days/", "proofs/")
_OTHER_PAGES = ("pages/feed.xml", "pages/feed.json")


@dataclass(frozen=True)
class ArchiveCopy:
    """Copies the archive in ``source`` to ``destination``.

    - ``selection``: which days and articles to copy.
    - ``everything``: also copy claims, records, feeds and the manifest, so that runs can archive at the destination.
    - ``dry_run``: write nothing, only report what would be copied.

    With ``everything``, the manifest of the destination is removed first and written last, so that no run can archive
    there while the copy is incomplete.
    """

    source: Store
    destination: Store
    selection: Selection = field(default_factory=Selection)
    everything: bool = False
    dry_run: bool = False
    progress: Progress = field(default_factory=NoProgress)
    report: CopyReport = field(default_factory=CopyReport)

    def run(self) -> CopyReport:
        """Copy, and return the report. Raises CannotCopy or StoreError.

        After an error, the same copy can be made again. It skips files that were already copied.
        """
        check_sides(self.source, self.destination, self.everything)
        if self.everything and self._has_changed():
            self._remove_manifest()
        for _ in range(_MAX_PASSES):
            if self._pass():
                break
        else:
            raise CannotCopy(f"{self.source.location} changes faster than it can be copied; run again")
        if self.everything:
            self._finish()
        if not self.dry_run:
            self.destination.sync()
        return self.report

    @property
    def _pair(self) -> Pair:
        return Pair(self.source, self.destination, self.dry_run)

    @cached_property
    def _media(self) -> MediaCopier:
        return MediaCopier(self._pair, self.report, self.progress)

    def _pass(self) -> bool:
        """Copy all days that differ. Return False if another pass is needed, because the source changed meanwhile."""
        ours, theirs = read_side(self.source), read_side(self.destination)
        days = self.selection.days_of(ours.days)
        due = [day for day in days if not is_same_day(ours.days[day], theirs.days.get(day))]
        expected = sum(ours.days[day].counts["bytes"] for day in due)
        self.progress.expect(expected)
        media = self._media
        copier = DayCopier(
            self._pair, ours.time_zone, self.selection, self.everything, self.report, self.progress, media
        )  # fmt: skip
        rows, is_current = dict(theirs.days), True
        for day in due:
            digest = self.source.read(f"{day_folder(day)}digest.json")
            if digest is None:
                self._report_lost_digest(day)
            elif ours.days[day].sha256 not in ("", sha256_of(digest.data)):
                if read_side(self.source).days.get(day) == ours.days[day]:
                    self._add_problem(f"{day_folder(day)}digest.json", CopyProblem.UNREADABLE)
                else:
                    is_current = False
            elif copier.copy(day, digest):
                self.report.days += 1
                rows[day] = replace(ours.days[day], sha256=sha256_of(digest.data))
        if self.everything:
            self._copy_unlisted(ours)
            media.remove_forgotten()
            self._copy_claims(max(ours.days, default=date.min + timedelta(days=1)))
        if not self.selection.is_partial_day:
            self._copy_pages_with_links(copier, due, ours, rows)
            self._write_index(ours, rows)
        return is_current

    def _report_lost_digest(self, day: date) -> None:
        key = f"{day_folder(day)}digest.json"
        if self.source.presence(key) is not Presence.DELETED:
            self._add_problem(key, CopyProblem.MISSING)

    def _copy_pages_with_links(
        self, copier: DayCopier, due: list[date], ours: Side, rows: Mapping[date, IndexedDay]
    ) -> None:
        """Copy pages of other days again if they link to a day in ``due``."""
        ordered = sorted(ours.days)
        position = {day: number for number, day in enumerate(ordered)}
        near = {ordered[n] for day in due for n in (position[day] - 1, position[day] + 1) if 0 <= n < len(ordered)}
        for day in sorted(((near | copier.linked) - set(due)) & rows.keys()):
            copier.copy_pages(day)

    def _write_index(self, ours: Side, rows: dict[date, IndexedDay]) -> None:
        """Write the index, ``pages/index.html`` and status.json to the destination.

        If the destination lacks days of the source, the index and the page list only the days of the destination.
        """
        is_complete = rows.keys() == ours.days.keys() and all(is_same_day(ours.days[day], rows[day]) for day in rows)
        if is_complete:
            for key in (*_OTHER_PAGES, DAYS_PAGE):
                if page := self.source.read(key):
                    self._write(key, page.data)
        elif rows:
            listed = [(day, describe_counts(rows[day].counts)) for day in sorted(rows, reverse=True)]
            self._write(DAYS_PAGE, days_page(listed))
        if status := self.source.read(STATUS):
            self._write(STATUS, status.data)
        for key in self.source.list("status/"):
            if part := self.source.read(key):
                self._write(key, part.data)
        if rows:
            self._write(INDEX, ours.data if is_complete else index_to_json(rows, ours.time_zone))

    def _has_changed(self) -> bool:
        """Check whether the source has changed since the last copy to the destination.

        Raises CannotCopy if a run has archived articles at the destination since the last copy.
        """
        claims = [bool(each.new or each.changed) for each in compare_claims(self._pair)]
        ours, theirs = read_side(self.source), read_side(self.destination)
        return any(claims) or not all(is_same_day(ours.days[day], theirs.days.get(day)) for day in ours.days)

    def _remove_manifest(self) -> None:
        """Remove the manifest of the destination, so that no run can archive there until the copy is complete."""
        if self.destination.read(MANIFEST) is not None:
            self._pair.delete(MANIFEST)

    def _copy_unlisted(self, ours: Side) -> None:
        """Copy the files that no digest lists yet. Only recent days, and days without a digest, have such files."""
        newest = max(ours.days, default=date.min)
        days = [day for day in days_in_archive(self.source) if day not in ours.days or day >= newest - _RECENT]
        for day in days:
            digest = self.source.read(f"{day_folder(day)}digest.json")
            listed = parse_digest(digest.data, day, ours.time_zone).listed if digest else {}
            keys = [k for k in self.source.list(day_folder(day)) if is_archived_file(k) and k not in listed]
            for key, done in in_parallel(self._copy_unhashed, keys, self._pair.threads):
                if done is Transfer.DIFFERENT:
                    self._add_problem(key, CopyProblem.DIFFERENT)
                elif done is Transfer.COPIED:
                    self.report.files += 1

    def _copy_unhashed(self, key: str) -> tuple[str, Transfer]:
        if companion_kind(key) is CompanionKind.MEDIA:
            self._media.copy([key])
        return key, self._pair.copy_file(key, "")

    def _copy_claims(self, newest: date) -> None:
        """Copy the claims, and the files of articles that were archived during the copy."""
        named = {each.key for each in self.report.problems}
        for claim in copy_claims(self._pair, self.report):
            is_new = claim.time.date() >= newest - timedelta(days=1) and claim.key not in named
            if claim.deleted:
                if self.destination.read(claim.key):
                    self._pair.delete(claim.key)
                    self.report.removed.append(claim.key)
            elif is_new and not self.dry_run and self.destination.presence(claim.key) is not Presence.COMPLETE:
                self._copy_unhashed(claim.key)

    def _finish(self) -> None:
        """Copy the records, the feed documents and feeds.toml. If there were no problems, copy the manifest last.

        No run can archive at a destination without a manifest.
        """
        for prefix in _RECORDS:
            for key, done in in_parallel(self._copy_unhashed, self._missing(prefix), self._pair.threads):
                if done is Transfer.DIFFERENT:
                    self._add_problem(key, CopyProblem.DIFFERENT)
                elif done is Transfer.COPIED:
                    self.report.files += 1
        copy_documents(self._pair, self.report)
        for key in (RETENTION, LAST_VALID, FEEDS_FILE):
            if stored := self.source.read(key):
                self._write(key, stored.data)
        if self.report.problems:
            return
        self.destination.sync()
        manifest = self.source.read(MANIFEST)
        if manifest:
            self._write(MANIFEST, manifest.data)

    def _missing(self, prefix: str) -> list[str]:
        there = self.destination.hashes(prefix)
        wanted = self.source.hashes(prefix)
        return [key for key, md5 in wanted.items() if key != LAST_ERROR and there.get(key) != md5]

    def _write(self, key: str, data: bytes) -> None:
        if self._pair.write(key, data):
            self.report.add(len(data))

    def _add_problem(self, key: str, problem: CopyProblem) -> None:
        self.report.problems.append(FileProblem(key, problem))
