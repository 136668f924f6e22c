"""Find the files to list in the digest of a day: the articles and companions in the day's folder.

Files that the previous digest lists are not read again. If such a file is missing, it stays in the digest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from feedarchive.article.file_names import companion_kind, is_archived_file
from feedarchive.concurrency import in_parallel
from feedarchive.digest.calendar import day_of
from feedarchive.digest.companion import parse_companion_file
from feedarchive.digest.digest import ListedFile
from feedarchive.digest.digest_entry import parse_article_file
from feedarchive.digest.digest_json import DIGEST_VERSION, parse_digest, salvage_digest_json
from feedarchive.hashes import sha256_of
from feedarchive.health.damage import Damage, DamagedFile
from feedarchive.proof.records import Removal, RemovalReason
from feedarchive.store.interface import Presence, Store, Stored

# Files that are read for the digest are kept in memory up to this many bytes, because the pages need them too. All
# further files are read a second time for the pages.
_MAX_KEPT_BYTES = 48 * 2**20


@dataclass(frozen=True)
class PreviousDigest:
    """The entries of the stored digest.json, by key.

    - ``usable``: the entries that can be copied to the new digest. Their files need not be read again. Empty if the
      digest is damaged or was written by an older release.
    - ``listed``: all entries, even if ``usable`` is empty.
    - ``are_hashes_known``: whether the digest is intact. Only then do its hashes show which files have changed.
    """

    usable: Mapping[str, ListedFile] = field(default_factory=dict)
    listed: Mapping[str, ListedFile] = field(default_factory=dict)
    are_hashes_known: bool = False


def read_previous(stored: Stored | None, day: date, time_zone: str, expected: str) -> PreviousDigest:
    """Parse the stored digest. ``expected`` is its SHA-256 according to the index; "" if the index has none.

    A digest with another SHA-256 may be damaged, or newer than the index. Then ``usable`` of the result is empty.
    """
    if stored is None:
        return PreviousDigest()
    parsed = parse_digest(stored.data, day, time_zone)
    listed = parsed.listed
    if not listed:
        return PreviousDigest({}, salvage_digest_json(stored.data))
    if expected not in ("", sha256_of(stored.data)):
        return PreviousDigest({}, listed)
    return PreviousDigest(listed if parsed.version == DIGEST_VERSION else {}, listed, are_hashes_known=True)


@dataclass(frozen=True)
class DayFiles:
    """The files of a day, compared with the previous digest.

    - ``listed``: the entries for the new digest. For missing and changed files, the entries of the previous digest.
    - ``removed``: the files that the previous digest lists and that were removed on purpose.
    - ``damage``: the files that the previous digest lists and that are missing or changed.
    """

    listed: list[ListedFile]
    removed: Mapping[str, Removal]
    damage: tuple[DamagedFile, ...]


class DayArticles:
    """Reads the article files of a day. It keeps them in memory up to a limit, so most files are read only once.

    - ``removal_of``: returns why a missing file was removed on purpose; None if nobody removed it.
    - ``accept``: a person has accepted the files as they are, so missing or changed files are not damage.
    """

    def __init__(self, store: Store, removal_of: Callable[[ListedFile], Removal | None], accept: bool = False) -> None:
        self._store, self._removal_of, self._accept = store, removal_of, accept
        self._kept: dict[str, bytes] = {}
        self._kept_bytes = 0
        self._deleted: set[str] = set()
        self.number_read = 0

    def read(self, key: str) -> bytes | None:
        if key in self._kept:
            return self._kept[key]
        stored = self._store.read(key)
        self.number_read += 1
        return stored.data if stored else None

    def list(self, folder: str) -> dict[str, int]:
        """Return the sizes in bytes of all versions and companions in a folder, by key."""
        sizes = self._store.sizes(folder)
        return {key: size for key, size in sizes.items() if is_archived_file(key) and key not in self._deleted}

    def files(self, folder: str, sizes: Mapping[str, int], previous: PreviousDigest) -> DayFiles:
        """Return the files to list in the day's digest.

        These are the files in ``sizes``, and missing files that the previous digest lists.
        """
        known = {} if self._accept else previous.usable
        found = self._parsed(key for key in sizes if key not in known)
        found |= {key: known[key] for key in sizes if key in known}
        removed: dict[str, Removal] = {}
        damage: dict[str, Damage] = {}
        for key, entry in previous.listed.items():
            if key in found and (not previous.are_hashes_known or _is_as_listed(found[key], entry, sizes[key])):
                continue
            if self._accept:
                removed[key] = Removal(RemovalReason.ACCEPTED)
            elif key in sizes:
                damage[key] = Damage.CHANGED
            elif is_archived_file(key) and key.startswith(folder):
                if removal := self._removal_of(entry):
                    removed[key] = removal
                elif not self._exists(key):
                    damage[key] = Damage.MISSING
            if key not in removed:
                found[key] = entry
        files = tuple(DamagedFile(key, str(day_of(key)), damage[key]) for key in sorted(damage))
        return DayFiles(list(found.values()), removed, files)

    def find_deleted(self, folder: str, files: DayFiles) -> bool:
        """Check whether a file in ``files`` has been deleted since ``list`` was called. If so, call ``list`` again.

        Afterwards, ``list`` leaves out the deleted files, even if the store still lists them.
        """
        lost = {each.key for each in files.damage}
        unlisted = {each.key for each in files.listed} - lost - set(self._store.list(folder))
        found = {key for key in unlisted if not self._exists(key)}
        self._deleted |= found
        return bool(found)

    def _exists(self, key: str) -> bool:
        """Check whether a file exists, without a listing. Some S3-compatible servers return outdated listings."""
        return key not in self._deleted and self._store.presence(key) not in (Presence.ABSENT, Presence.DELETED)

    def _parsed(self, keys: Iterable[str]) -> dict[str, ListedFile]:
        return {each.key: each for each in in_parallel(self._parse, keys, self._store.threads) if each}

    def _parse(self, key: str) -> ListedFile | None:
        data = self.read(key)
        if data is not None and self._kept_bytes + len(data) <= _MAX_KEPT_BYTES:
            self._kept[key] = data
            self._kept_bytes += len(data)
        if data is None:
            return None
        return parse_companion_file(key, data) if companion_kind(key) else parse_article_file(key, data)


def _is_as_listed(found: ListedFile, listed: ListedFile, size: int) -> bool:
    return (found.sha256, size) == (listed.sha256, listed.bytes)
