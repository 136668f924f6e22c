"""Check the index, the digests and the article files of days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from feedarchive.article.file_names import CompanionKind, companion_kind, is_archived_file
from feedarchive.builds.removed_files import RemovedFiles
from feedarchive.digest.calendar import is_obsolete_page
from feedarchive.digest.companion import Companion
from feedarchive.digest.digest import ListedFile, day_folder, intact_files, parse_digest, salvage_digest_json
from feedarchive.digest.index import INDEX, IndexedDay
from feedarchive.hashes import sha256_of
from feedarchive.proof.file_list import FileHashes, file_hashes
from feedarchive.store.interface import Presence, Store
from feedarchive.verification.findings import Fault, Finding, Note
from feedarchive.verification.hash_files import FileHasher, HashedFile
from feedarchive.verification.listed_claim import ListedClaim, listed_claim

_DAY_FILES = ("digest.json", "digest.md")
_TEMPORARY = ".tmp/"


@dataclass
class CheckedDays:
    """What the check of days found.

    - ``listed``: what the claims of the files in digests must say, by the name of the claim.
    - ``media``: the keys of the lists of media in digests.
    - ``hashes``: the SHA-256 that missing and damaged files must have, by key.
    - ``unlisted``: the files that no digest lists: the key and the day of each file.
    - ``files``: how many files are intact.
    - ``bytes``: the size of these files together.
    """

    findings: list[Finding] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    listed: dict[str, ListedClaim] = field(default_factory=dict)
    media: list[str] = field(default_factory=list)
    hashes: dict[str, str] = field(default_factory=dict)
    unlisted: dict[str, date] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class DaysCheck:
    """Checks days of one archive or copy.

    - ``quick``: compare only the names and sizes of files, without reading the articles.
    - ``on_hashed``: is called with the size of each version that was read, to show progress.
    - ``on_day``: is called for each day, with the hashes of the files that its digest lists.
    - ``keep_claims``: whether to fill ``listed`` of the result, which needs much memory.
    """

    store: Store
    time_zone: str
    removed: RemovedFiles
    quick: bool = False
    on_hashed: Callable[[int], None] = lambda size: None
    on_day: Callable[[date, FileHashes], None] = lambda day, files: None
    keep_claims: bool = True

    def check(
        self, days: Sequence[date], indexed: Mapping[date, IndexedDay], days_with_folder: Collection[date]
    ) -> CheckedDays:
        """Check the files of days, their digests, and what the index says about them."""
        result = CheckedDays()
        with FileHasher(self.store) as hasher:
            hashing: tuple[Mapping[str, ListedFile], Iterator[HashedFile]] = ({}, iter(()))
            for day in days:
                listed = self._digest(day, indexed.get(day), result)
                self._names(day, listed, day in days_with_folder, result)
                started = iter(()) if self.quick else hasher.hash(list(listed))
                # The files of the previous day are checked while the files of this day are hashed.
                self._files(*hashing, result)
                hashing = (listed, started)
            self._files(*hashing, result)
        return result

    def _digest(self, day: date, indexed: IndexedDay | None, result: CheckedDays) -> Mapping[str, ListedFile]:
        """Check whether the digest of a day fits the index. Returns the files that the digest lists, by key."""
        key, name = f"{day_folder(day)}digest.json", day.isoformat()
        stored = self.store.read(key)
        if stored is None:
            if indexed and self.store.presence(key) is not Presence.DELETED and not self.removed.is_expired(day):
                result.findings.append(Finding(key, Fault.DIGEST_MISSING, name))
            return {}
        found = sha256_of(stored.data)
        is_intact = indexed is not None and indexed.sha256 == found
        parsed = intact_files(stored.data) if is_intact else parse_digest(stored.data, day, self.time_zone).listed
        listed = parsed or salvage_digest_json(stored.data)
        if indexed is None:
            result.findings.append(Finding(key, Fault.DIGEST_UNLISTED, name))
        elif indexed.sha256 not in ("", found):
            result.findings.append(Finding(key, Fault.DIGEST_CHANGED, name))
        elif listed and not parsed:
            result.findings.append(Finding(key, Fault.DIGEST_CHANGED, name, "it cannot be read"))
        elif indexed.counts["files"] != sum(not isinstance(each, Companion) for each in parsed.values()):
            result.findings.append(Finding(INDEX, Fault.INDEX_CHANGED, name, "its counts are not those of the digest"))
        self.on_day(day, file_hashes(listed.values()))
        for file in listed.values():
            if self.keep_claims:
                result.listed[file.claim_name] = listed_claim(file)
            if companion_kind(file.key) is CompanionKind.MEDIA:
                result.media.append(file.key)
        return listed

    def _names(self, day: date, listed: Mapping[str, ListedFile], has_folder: bool, result: CheckedDays) -> None:
        """Check which files are in the folder of a day. With ``quick``, also check their sizes."""
        folder, name = day_folder(day), day.isoformat()
        sizes = self.store.sizes(folder) if has_folder else {}
        for key in sizes:
            if is_archived_file(key) and key not in listed:
                result.unlisted[key] = day
            elif not (is_archived_file(key) or key.removeprefix(folder) in _DAY_FILES or is_obsolete_page(key)):
                result.findings.append(Finding(key, Fault.FOREIGN, name))
        result.findings += _doubled([*listed, *(key for key in sizes if key not in listed)], name)
        for key, entry in listed.items():
            if key not in sizes:
                self._missing(entry, name, result)
            elif sizes[key] != entry.bytes and self.quick:
                result.findings.append(Finding(key, Fault.CHANGED, name, "another size"))
                result.hashes[key] = entry.sha256
            elif self.quick:
                result.files += 1

    def _missing(self, entry: ListedFile, day: str, result: CheckedDays) -> None:
        if removal := self.removed.removal_of(entry):
            result.notes.append(Note(entry.key, f"{removal.reason.meaning}; the next build of {day} leaves it out"))
        else:
            result.findings.append(Finding(entry.key, Fault.MISSING, day))
            result.hashes[entry.key] = entry.sha256

    def _files(self, listed: Mapping[str, ListedFile], files: Iterable[HashedFile], result: CheckedDays) -> None:
        """Compare the hashes of files with the hashes in the digest."""
        for file in files:
            entry = listed[file.key]
            # Companions do not count for the progress, because the index does not count them either.
            if not isinstance(entry, Companion):
                self.on_hashed(entry.bytes)
            if file.sha256 == entry.sha256:
                result.files += 1
                result.bytes += file.size
            elif file.sha256 is not None:
                result.findings.append(_wrong(file, entry))
                result.hashes[file.key] = entry.sha256


def _wrong(file: HashedFile, entry: ListedFile) -> Finding:
    day = entry.key[8:18].replace("/", "-")
    fault = Fault.TRUNCATED if file.size < entry.bytes and not (file.size and file.is_complete) else Fault.CHANGED
    return Finding(entry.key, fault, day)


def _doubled(keys: Iterable[str], day: str) -> Iterator[Finding]:
    """Report files that are the same version of the same article as another file before them in ``keys``.

    Files that the digest lists must come first in ``keys``. So the other file of the two is reported.
    """
    versions: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for key in keys:
        if is_archived_file(key):
            folder, name = key.split("/")[-2:]
            versions[folder, name.rpartition("-")[2]].append(key)
    for same in versions.values():
        yield from (Finding(key, Fault.DOUBLED, day) for key in same[1:])
