"""Check the index, the digests and the article files of days."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from feedarchive.article.file_names import is_archived_file
from feedarchive.builds.removed_files import RemovedFiles
from feedarchive.digest.calendar import is_obsolete_page
from feedarchive.digest.companion import Companion
from feedarchive.digest.digest import ListedFile, day_folder, intact_files, parse_digest, salvage_digest_json
from feedarchive.digest.index import INDEX, IndexedDay
from feedarchive.hashes import sha256_of
from feedarchive.store.interface import Presence, Store
from feedarchive.verification.findings import Fault, Finding, Note
from feedarchive.verification.hash_files import HashedFile, hash_files

_DAY_FILES = ("digest.json", "digest.md")
_TEMPORARY = ".tmp/"


@dataclass
class CheckedDays:
    """What the check of days found; the hashes of each day's files by the digest; entries by claim name."""

    findings: list[Finding] = field(default_factory=list)
    notes: list[Note] = field(default_factory=list)
    lists: dict[date, dict[str, str]] = field(default_factory=dict)
    digests: dict[date, str] = field(default_factory=dict)
    entries: dict[str, ListedFile] = field(default_factory=dict)
    unlisted: dict[str, date] = field(default_factory=dict)
    files: int = 0
    bytes: int = 0


@dataclass(frozen=True)
class DaysCheck:
    """Checks days of one archive or copy.

    ``quick``: compare sizes and names from listings, and read no article. ``on_hashed`` is called with the size of each
    file that was read.
    """

    store: Store
    time_zone: str
    removed: RemovedFiles
    quick: bool = False
    on_hashed: Callable[[int], None] = lambda size: None

    def check(
        self, days: Sequence[date], indexed: Mapping[date, IndexedDay], days_with_folder: Collection[date]
    ) -> CheckedDays:
        """Check these days against their digests and the index."""
        result = CheckedDays()
        expected: dict[str, ListedFile] = {}
        for day in days:
            listed = self._digest(day, indexed.get(day), result)
            self._names(day, listed, day in days_with_folder, result)
            expected |= listed
        self._files(expected, result)
        return result

    def _digest(self, day: date, indexed: IndexedDay | None, result: CheckedDays) -> Mapping[str, ListedFile]:
        """The entries of a day's digest, after a check of the digest against the index."""
        key, name = f"{day_folder(day)}digest.json", day.isoformat()
        stored = self.store.read(key)
        if stored is None:
            if indexed and self.store.presence(key) is not Presence.DELETED and not self.removed.is_expired(day):
                result.findings.append(Finding(key, Fault.DIGEST_MISSING, name))
            return {}
        found = sha256_of(stored.data)
        result.digests[day] = found
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
        result.lists[day] = {each.key: each.sha256 for each in listed.values()}
        for entry in listed.values():
            result.entries[entry.claim_name] = entry
        return listed

    def _names(self, day: date, listed: Mapping[str, ListedFile], has_folder: bool, result: CheckedDays) -> None:
        """Check which files the day's folder has, and their sizes."""
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
            elif self.quick:
                result.files += 1

    def _missing(self, entry: ListedFile, day: str, result: CheckedDays) -> None:
        if removal := self.removed.removal_of(entry):
            result.notes.append(Note(entry.key, f"{removal.reason.meaning}; the next build of {day} leaves it out"))
        else:
            result.findings.append(Finding(entry.key, Fault.MISSING, day))

    def _files(self, expected: Mapping[str, ListedFile], result: CheckedDays) -> None:
        """Hash files and compare them with their entries."""
        if self.quick:
            return
        for file in hash_files(self.store, list(expected)):
            entry = expected[file.key]
            if not isinstance(entry, Companion):  # the counts of the index do not contain it
                self.on_hashed(entry.bytes)
            if file.sha256 == entry.sha256:
                result.files += 1
                result.bytes += file.size
            elif file.sha256 is not None:
                result.findings.append(_wrong(file, entry))


def _wrong(file: HashedFile, entry: ListedFile) -> Finding:
    day = entry.key[8:18].replace("/", "-")
    fault = Fault.TRUNCATED if file.size < entry.bytes and not (file.size and file.is_complete) else Fault.CHANGED
    return Finding(entry.key, fault, day)


def _doubled(keys: Iterable[str], day: str) -> Iterator[Finding]:
    """Report every file after the first with the same short id and version. The first keys are those of the digest."""
    versions: defaultdict[tuple[str, str], list[str]] = defaultdict(list)
    for key in keys:
        if is_archived_file(key):
            folder, name = key.split("/")[-2:]
            versions[folder, name.rpartition("-")[2]].append(key)
    for same in versions.values():
        yield from (Finding(key, Fault.DOUBLED, day) for key in same[1:])
