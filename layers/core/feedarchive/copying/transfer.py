"""Copy single files. The hash of a file is checked before the file is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from feedarchive.hashes import sha256_of
from feedarchive.store.interface import Store

CONNECTIONS = 64
"""How many files are copied at the same time, if source or destination is in S3."""


class Transfer(Enum):
    """The result of copying a file.

    - COPIED: it was copied.
    - PRESENT: the destination already has it.
    - MISSING: the source does not have it.
    - DAMAGED: the file at the source does not have the expected hash.
    - DIFFERENT: the destination has another file with this key.
    """

    COPIED = "copied"
    PRESENT = "present"
    MISSING = "missing"
    DAMAGED = "damaged"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Pair:
    """The source and the destination of a copy. If ``dry_run`` is True, nothing is written."""

    source: Store
    destination: Store
    dry_run: bool = False

    @property
    def threads(self) -> int:
        return max(self.source.threads, self.destination.threads)

    def copy_file(self, key: str, sha256: str) -> Transfer:
        """Copy a file that no run ever changes, such as an article. An existing file is not replaced.

        ``sha256`` is the hash that the file must have; "" if that is unknown.
        """
        # In a folder (one thread), look first whether the file exists. If it does, the source need not be read. In S3,
        # looking first would cost one more request for each file.
        if self.destination.threads == 1 and (found := self._compare(key, sha256)):
            return found
        if self.dry_run:
            return Transfer.COPIED
        stored = self.source.read(key)
        if stored is None:
            return Transfer.MISSING
        if sha256 and sha256_of(stored.data) != sha256:
            return Transfer.DAMAGED
        if self.destination.create(key, stored.data):
            return Transfer.COPIED
        found = self._compare(key, sha256_of(stored.data))
        if found is None:  # Somebody has just deleted the file at the destination.
            return Transfer.COPIED if self.destination.create(key, stored.data) else Transfer.DIFFERENT
        return found

    def _compare(self, key: str, sha256: str) -> Transfer | None:
        """Compare the file at the destination with ``sha256``; if ``sha256`` is "", with the file at the source.

        Returns PRESENT or DIFFERENT, or None if the destination does not have the file.
        """
        existing = self.destination.read(key)
        if existing is None:
            return None
        is_same = sha256 and sha256_of(existing.data) == sha256
        if not sha256:
            source = self.source.read(key)
            is_same = source is not None and source.data == existing.data
        return Transfer.PRESENT if is_same else Transfer.DIFFERENT

    def write(self, key: str, data: bytes) -> bool:
        """Write a file that may change, such as a page. An existing file is replaced.

        Return True if the file was written. In a dry run, return True if it would be written.
        """
        for _ in range(_MAX_ATTEMPTS):
            existing = self.destination.read(key)
            if existing and existing.data == data:
                return False
            if self.dry_run:
                return True
            done = (
                self.destination.replace(key, data, existing.version)
                if existing
                else self.destination.create(key, data)
            )
            if done:
                return True
        return False

    def delete(self, key: str) -> None:
        if not self.dry_run:
            self.destination.delete(key)


_MAX_ATTEMPTS = 20
