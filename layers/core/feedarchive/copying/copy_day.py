"""Copy a day: first its new files, then its pages, and last its digest."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from feedarchive.article.file_names import CompanionKind, companion_kind
from feedarchive.builds.removed_files import RemovedFiles
from feedarchive.concurrency import in_parallel
from feedarchive.copying.copy_media import MediaCopier
from feedarchive.copying.errors import CannotCopy
from feedarchive.copying.report import CopyProblem, CopyReport, FileProblem, Progress
from feedarchive.copying.selected_files import SelectedFiles
from feedarchive.copying.selection import Selection
from feedarchive.copying.transfer import Pair, Transfer
from feedarchive.digest.companion import Companion
from feedarchive.digest.digest import ListedFile, day_folder, pages_folder
from feedarchive.digest.digest_json import parse_digest
from feedarchive.pages.later_versions import later_of_earlier_days
from feedarchive.store.interface import Stored
from feedarchive.tables.write_table import table_key

_PROBLEMS = {
    Transfer.MISSING: CopyProblem.MISSING,
    Transfer.DAMAGED: CopyProblem.DAMAGED,
    Transfer.DIFFERENT: CopyProblem.DIFFERENT,
}


@dataclass(frozen=True)
class DayCopier:
    """Copies days.

    - ``remove_forgotten``: whether to delete articles at the destination that were forgotten at the source. If False,
      they are reported as problems.
    - ``media``: copies pictures and enclosures.
    - ``linked``: earlier days whose pages link to copied files, so that their pages must be copied again. ``copy`` adds
      days to it.
    """

    pair: Pair
    time_zone: str
    selection: Selection
    remove_forgotten: bool
    report: CopyReport
    progress: Progress
    media: MediaCopier
    linked: set[date] = field(default_factory=set)

    def copy(self, day: date, digest: Stored) -> bool:
        """Copy a day. ``digest`` is its digest.json at the source. Return True if the day was copied without problems.

        The digest is written last, and only if there were no problems. If it is not written, the next copy tries the
        day again.

        Raises CannotCopy if the destination has a file of the day that the source has lost or never had.
        """
        key = f"{day_folder(day)}digest.json"
        listed = parse_digest(digest.data, day, self.time_zone).listed
        existing = self.pair.destination.read(key)
        known = parse_digest(existing.data, day, self.time_zone).listed if existing else {}
        if not listed and b'"files": []' not in digest.data:
            self._name(key, CopyProblem.UNREADABLE)
            return False
        problems = len(self.report.problems)
        forgotten = self._removed(day, listed, known)
        self.linked.update(later_of_earlier_days(day, listed.values(), without=known.keys()))
        self._copy_files(SelectedFiles(self.pair.source, self.time_zone, self.selection).of(listed), known)
        if self.selection.is_partial_day:
            return len(self.report.problems) == problems
        self.copy_pages(day)
        for each in forgotten:
            self._forget(each)
        if len(self.report.problems) > problems:
            return False
        if self.remove_forgotten and (table := self.pair.source.read(table_key(day))):
            self._write(table_key(day), table.data)
        if markdown := self.pair.source.read(f"{day_folder(day)}digest.md"):
            self._write(f"{day_folder(day)}digest.md", markdown.data)
        self.pair.destination.sync()
        self._write(key, digest.data)
        return True

    def copy_pages(self, day: date) -> None:
        """Make the pages of a day at the destination the same as at the source. Read only the pages that differ."""
        folder = pages_folder(day)
        wanted, there = self.pair.source.hashes(folder), self.pair.destination.hashes(folder)
        changed = [key for key, md5 in wanted.items() if there.get(key) != md5]
        # Write the day's page last, because it contains the hashes of the other pages.
        changed.sort(key=lambda key: key.endswith("/index.html"))
        for key in changed:
            if page := self.pair.source.read(key):
                self._write(key, page.data)
        for key in there.keys() - wanted.keys():
            self.pair.delete(key)

    def _copy_files(self, files: Iterable[ListedFile], known: Mapping[str, ListedFile]) -> None:
        """Copy files. Skip a file if the destination's digest (``known``) lists it with the same hash."""
        new: list[ListedFile] = []
        for file in files:
            if isinstance(file, Companion):
                # The expected total comes from the index, which does not count companions.
                self.progress.expect(file.bytes)
            if file.key in known and known[file.key].sha256 == file.sha256:
                self.progress.advance(file.bytes)
            else:
                new.append(file)

        def copy(file: ListedFile) -> tuple[ListedFile, Transfer]:
            return file, self.pair.copy_file(file.key, file.sha256)

        self.media.copy(file.key for file in new if companion_kind(file.key) is CompanionKind.MEDIA)
        for file, done in in_parallel(copy, new, self.pair.threads):
            self.progress.advance(file.bytes)
            if done is Transfer.COPIED:
                self.report.add(file.bytes)
            elif problem := _PROBLEMS.get(done):
                self._name(file.key, problem)

    def _removed(self, day: date, listed: Mapping[str, ListedFile], known: Mapping[str, ListedFile]) -> list[str]:
        """Return the keys of the files that were removed at the source, but are still at the destination (``known``).

        Raises CannotCopy if the source lacks a file that was not removed on purpose.
        """
        gone = [file for key, file in known.items() if key not in listed]
        removed = RemovedFiles(self.pair.source)
        for file in gone:
            if removed.removal_of(file) is None:
                raise CannotCopy(
                    f"{self.pair.destination.location} has {file.key}, but {self.pair.source.location} does not: the "
                    "destination belongs to another archive or is newer than the source, so nothing of "
                    f"{day} was copied; copy to an empty folder or bucket"
                )
        return [file.key for file in gone]

    def _forget(self, key: str) -> None:
        if self.pair.destination.read(key) is None:
            return
        if self.remove_forgotten:
            if companion_kind(key) is CompanionKind.MEDIA:
                self.media.note_forgotten(key)
            self.pair.delete(key)
            self.report.removed.append(key)
        else:
            self._name(key, CopyProblem.FORGOTTEN)

    def _write(self, key: str, data: bytes) -> None:
        if self.pair.write(key, data):
            self.report.add(len(data))

    def _name(self, key: str, problem: CopyProblem) -> None:
        self.report.problems.append(FileProblem(key, problem))
