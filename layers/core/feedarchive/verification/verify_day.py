"""Check one day: its digest against the index, and its files against the digest."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date

from feedarchive.article.file_names import CompanionKind, companion_kind, is_archived_file
from feedarchive.builds.removed_files import RemovedFiles
from feedarchive.digest.calendar import is_obsolete_page
from feedarchive.digest.companion import Companion
from feedarchive.digest.digest import ListedFile, day_folder
from feedarchive.digest.digest_json import intact_files, parse_digest, salvage_digest_json
from feedarchive.digest.index import INDEX, IndexedDay
from feedarchive.hashes import sha256_of
from feedarchive.proof.file_list import FileHashes, file_hashes
from feedarchive.store.interface import Presence, Store
from feedarchive.verification.findings import Fault, Finding, Note
from feedarchive.verification.hash_files import HashedFile, hash_files
from feedarchive.verification.listed_claim import ListedClaim, listed_claim

_DAY_FILES = ("digest.json", "digest.md")


@dataclass
class CheckedDays:
    """What the check of days found.

    - ``listed``: the ListedClaim of each file that a digest lists, by the name of the file's claim.
    - ``media``: the keys of the lists of media (a kind of companion) that the digests list.
    - ``hashes``: the SHA-256 of missing and damaged files according to the digest, by key.
    - ``unlisted``: the day of each file that no digest lists, by key.
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

    def add(self, other: CheckedDays) -> None:
        self.findings += other.findings
        self.notes += other.notes
        self.listed.update(other.listed)
        self.media += other.media
        self.hashes.update(other.hashes)
        self.unlisted.update(other.unlisted)
        self.files += other.files
        self.bytes += other.bytes


@dataclass(frozen=True)
class DayCheck:
    """Checks days of one archive or copy.

    - ``quick``: compare only the names and sizes of files, without reading the articles.
    - ``keep_claims``: fill ``CheckedDays.listed``. This needs memory for each file.
    """

    store: Store
    time_zone: str
    removed: RemovedFiles
    quick: bool
    keep_claims: bool

    def check(
        self,
        day: date,
        indexed: IndexedDay | None,
        has_folder: bool,
        on_hashed: Callable[[int], None],
        on_listed: Callable[[FileHashes], None],
    ) -> CheckedDays:
        """Check a day against its digest and the index.

        - ``on_hashed``: called after each article file that was read, with its size. Not called for companions.
        - ``on_listed``: called with the hashes of the files that the digest lists, if there is a digest.
        """
        result = CheckedDays()
        listed = self._digest(day, indexed, result, on_listed)
        self._names(day, listed, has_folder, result)
        if not self.quick:
            self._files(listed, hash_files(self.store, list(listed)), result, on_hashed)
        return result

    def _digest(
        self, day: date, indexed: IndexedDay | None, result: CheckedDays, on_listed: Callable[[FileHashes], None]
    ) -> Mapping[str, ListedFile]:
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
            result.findings.append(Finding(INDEX, Fault.INDEX_CHANGED, name, "its counts differ from the digest"))
        on_listed(file_hashes(listed.values()))
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
        # Listed files come first, so that an unlisted file is reported and not the listed one.
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
            result.notes.append(
                Note(entry.key, f"{removal.reason.meaning}; the next build removes it from the digest of {day}")
            )
        else:
            result.findings.append(Finding(entry.key, Fault.MISSING, day))
            result.hashes[entry.key] = entry.sha256

    def _files(
        self,
        listed: Mapping[str, ListedFile],
        files: Iterable[HashedFile],
        result: CheckedDays,
        on_hashed: Callable[[int], None],
    ) -> None:
        for file in files:
            entry = listed[file.key]
            # The expected total of the progress is from the index, which does not count companions.
            if not isinstance(entry, Companion):
                on_hashed(entry.bytes)
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
    """If several files are of the same version of an article, report all except the first in ``keys``."""
    versions: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for key in keys:
        if is_archived_file(key):
            folder, name = key.split("/")[-2:]
            versions[folder, name.rpartition("-")[2]].append(key)
    for same in versions.values():
        yield from (Finding(key, Fault.DOUBLED, day, f"the other file is {same[0]}") for key in same[1:])
