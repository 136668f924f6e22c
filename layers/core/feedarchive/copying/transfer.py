"""Copy single files: many at a time, each checked by its hash before it is written."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from feedarchive.hashes import sha256_of
from feedarchive.store.interface import Store

CONNECTIONS = 64
"""How many files are copied at the same time if a side is in S3."""


class Transfer(Enum):
    """What happened to a file.

    PRESENT: the destination has it already.
    MISSING: the source does not have it.
    DAMAGED: the file at the source does not have the expected hash.
    DIFFERENT: the destination has another file of this name.
    """

    COPIED = "copied"
    PRESENT = "present"
    MISSING = "missing"
    DAMAGED = "damaged"
    DIFFERENT = "different"


@dataclass(frozen=True)
class Pair:
    """The two sides of a copy. ``dry_run``: nothing is written."""

    source: Store
    destination: Store
    dry_run: bool = False

    @property
    def threads(self) -> int:
        return max(self.source.threads, self.destination.threads)

    def copy_file(self, key: str, sha256: str) -> Transfer:
        """Copy a file that is never changed. ``sha256`` is the hash that it must have, "" if that is unknown."""
        # If the destination is a folder, looking there first is cheap and saves reading the source. In S3 it would be
        # one more request.
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
        if found is None:  # deleted at the destination meanwhile
            return Transfer.COPIED if self.destination.create(key, stored.data) else Transfer.DIFFERENT
        return found

    def _compare(self, key: str, sha256: str) -> Transfer | None:
        """Compare the destination's file with this hash, or without a hash with the source's file.

        Returns None if the destination does not have the file.
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
        """Write a derived file over whatever is there. Returns True if it was written; in a dry run, if it would be."""
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
