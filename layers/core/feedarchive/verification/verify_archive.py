"""Check a whole archive, or a copy of one."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from feedarchive.archive.manifest import MANIFEST, NotAnArchive, find_time_zone
from feedarchive.archive.open_archive import open_for_reading
from feedarchive.article.file_names import CompanionKind, companion_kind
from feedarchive.builds.removed_files import RemovedFiles
from feedarchive.copying.report import NoProgress, Progress
from feedarchive.copying.selection import Selection
from feedarchive.digest.calendar import days_in_archive, is_obsolete_page
from feedarchive.digest.index import INDEX, ParsedIndex, index_to_json, parse_index
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.json_values import DamagedJSON
from feedarchive.proof.records import RemovalReason
from feedarchive.store.interface import Store
from feedarchive.verification.findings import Fault, Finding, Note
from feedarchive.verification.verify_chain import ChainCheck, CheckedChain, Records, read_records
from feedarchive.verification.verify_claims import CheckedClaims, ClaimsCheck
from feedarchive.verification.verify_day import CheckedDays
from feedarchive.verification.verify_days import DaysCheck
from feedarchive.verification.verify_documents import DocumentsCheck, verify_documents
from feedarchive.verification.verify_media import CheckedMedia, MediaCheck
from feedarchive.verification.verify_stamps import check_stamps

# Files of these newest days may have been archived after the last build, so that no digest lists them yet.
_OPEN = timedelta(days=9)


@dataclass(frozen=True)
class Verification:
    """What a check found.

    - ``chain``: the result of checking the chain of records; None for a copy without a manifest (archive.json).
    - ``has_claims``: whether the claims were checked.
    - ``documents``: the result for the feed documents; None if they were not checked.
    """

    days: CheckedDays
    findings: tuple[Finding, ...]
    notes: tuple[Note, ...]
    chain: CheckedChain | None
    has_claims: bool
    media: CheckedMedia
    documents: DocumentsCheck | None = None


@dataclass(frozen=True)
class ArchiveCheck:
    """Checks an archive.

    - ``now``: the time of the check.
    - ``quick``: compare only the names and sizes of files, without reading the articles.
    """

    store: Store
    now: datetime
    selection: Selection = field(default_factory=Selection)
    quick: bool = False
    progress: Progress = field(default_factory=NoProgress)

    def run(self) -> Verification:
        """Run the check. Raises NotAnArchive if there is nothing to check."""
        findings: list[Finding] = []
        zone, is_archive = self._time_zone()
        index = self._index(zone, findings)
        folders = set(days_in_archive(self.store))
        if not index.days and not folders:
            raise NotAnArchive(f"{self.store.location} has neither an index nor articles: it is not an archive")
        days = self.selection.days_of(index.days.keys() | folders)
        self.progress.expect(sum(index.days[day].counts["bytes"] for day in days if day in index.days))
        feeds = open_for_reading(self.store).feeds if is_archive else FeedList(())
        removed = RemovedFiles(self.store, self.now, feeds.retention)
        is_whole = self.selection == Selection()
        checks_claims = is_archive and is_whole
        records = read_records(self.store)
        chain_check = ChainCheck(records)
        checked = DaysCheck(
            self.store,
            index.time_zone,
            removed,
            self.quick,
            self.progress.advance,
            chain_check.committed,
            chain_check.check_day,
            keep_claims=checks_claims,
        ).check(days, index.days, folders)
        findings += checked.findings
        findings += self._foreign(folders)
        claims = self._claims(checked, records, feeds) if checks_claims else None
        findings += claims.findings if claims else []
        findings += self._unlisted(checked, claims, index)
        chain = chain_check.result(index.end) if is_archive else None
        stamps = check_stamps(self.store, records.hashes) if is_archive else None
        media = MediaCheck(self.store, self.quick, self.progress).check(_media_lists(checked), is_whole)
        findings += media.findings
        findings += [*(chain.findings if chain else []), *(stamps.findings if stamps else [])]
        documents = verify_documents(self.store) if is_whole and not self.quick else None
        findings += documents.findings if documents else []
        checks = [each for each in (checked, documents, chain, stamps, media) if each]
        notes = [note for each in checks for note in each.notes]
        return Verification(checked, tuple(findings), tuple(notes), chain, claims is not None, media, documents)

    def _time_zone(self) -> tuple[str, bool]:
        """Return the time zone ("" if it is unknown), and whether there is a manifest (archive.json).

        A copy of only the files that people read has no manifest.
        """
        zone = find_time_zone(self.store)
        return (zone.key if zone else ""), self.store.read(MANIFEST) is not None

    def _index(self, zone: str, findings: list[Finding]) -> ParsedIndex:
        stored = self.store.read(INDEX)
        if stored is None:
            findings.append(Finding(INDEX, Fault.INDEX_MISSING))
            return ParsedIndex(zone or "UTC", {})
        try:
            index = parse_index(stored.data)
        except DamagedJSON as error:
            findings.append(Finding(INDEX, Fault.INDEX_CHANGED, detail=str(error)))
            return ParsedIndex(zone or "UTC", {})
        if index_to_json(index.days, index.time_zone, index.end) != stored.data:
            findings.append(Finding(INDEX, Fault.INDEX_CHANGED))
        elif zone and index.time_zone != zone:
            findings.append(Finding(INDEX, Fault.INDEX_CHANGED, detail="its time zone differs from archive.json"))
            return replace(index, time_zone=zone)
        return index

    def _foreign(self, days: Collection[date]) -> list[Finding]:
        """Report files where only folders belong: directly in ``archive/``, or in the folder of a year or month."""
        above = {"archive/"} | {day.strftime(form) for day in days for form in ("archive/%Y/", "archive/%Y/%m/")}
        keys = [key for folder in sorted(above) for key in self.store.files(folder)]
        return [Finding(key, Fault.FOREIGN) for key in keys if key != INDEX and not is_obsolete_page(key)]

    def _claims(self, checked: CheckedDays, records: Records, feeds: FeedList) -> CheckedClaims:
        removed = [(key, file) for change in records.changes.values() for key, file in change.removed.items()]
        forgotten = {key for key, file in removed if file.removal.reason is RemovalReason.FORGOTTEN}
        ids = {feed.id for feed in feeds.feeds}
        return ClaimsCheck(self.store, checked.listed, checked.unlisted, self.quick, ids, forgotten).check()

    def _unlisted(self, checked: CheckedDays, claims: CheckedClaims | None, index: ParsedIndex) -> list[Finding]:
        """Report files that no digest lists. Files that wait for the next build are not reported.

        A file waits for the next build if it was archived on one of the newest days and has a claim. With ``quick``,
        claims are not read, so all files of these days count as waiting.
        """
        newest = max(index.days, default=date.max)

        def is_waiting(key: str, day: date) -> bool:
            is_open = day >= newest - min(_OPEN, timedelta(newest.toordinal() - 1))
            return is_open and claims is not None and (self.quick or key in claims.keys)

        found: Mapping[str, date] = checked.unlisted
        return [Finding(key, Fault.UNLISTED, day.isoformat()) for key, day in found.items() if not is_waiting(key, day)]


def _media_lists(checked: CheckedDays) -> list[str]:
    return [*checked.media, *(key for key in checked.unlisted if companion_kind(key) is CompanionKind.MEDIA)]
