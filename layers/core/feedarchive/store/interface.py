"""The interface of a store, which contains the files of an archive: its operations, and what each one guarantees.

A store contains objects, and each object has a key. A key is a relative path of ASCII letters, digits, dots,
underscores, hyphens, equals signs and slashes.

There are two implementations: FolderStore and S3Store. ``tests/contract`` runs the same tests with both.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import BinaryIO, Protocol

_KEY = re.compile(r"[A-Za-z0-9._=-]+(?:/[A-Za-z0-9._=-]+)*")


PART_BYTES = 1024 * 1024
"""Large objects are read and copied in parts of this size, so that they need not fit into memory."""


class StoreError(Exception):
    """The store failed, for example because the disk is full or the bucket does not exist. This ends the run.

    The message has one line: which operation failed with which object, why, and what to do.
    """


@dataclass(frozen=True)
class Stored:
    """An object that was read.

    - ``data``: its bytes.
    - ``version``: changes when the bytes change. ``Store.replace`` needs it. It is an ETag in S3, and a hash in a
      folder.
    """

    data: bytes
    version: str

    @property
    def is_complete(self) -> bool:
        """Whether the object ends with a newline.

        Every text file that this program writes ends with a newline. If the newline is missing, a power cut has
        truncated the file.
        """
        return self.data.endswith(b"\n")

    def has_hash(self, listed: str) -> bool:
        """Check whether ``listed``, a value from ``Store.hashes``, is the MD5 or the ETag of this object."""
        return listed in (self.version.strip('"'), hashlib.md5(self.data, usedforsecurity=False).hexdigest())


class Presence(Enum):
    """Whether there is an object with a key.

    - COMPLETE: there is one.
    - TRUNCATED: there is one, but a power cut has truncated it. In a folder, it does not end with a newline; in S3, it
      is empty.
    - ABSENT: there is none.
    - DELETED: there is none, but S3 remembers that it was deleted, because the bucket keeps old versions.
    """

    COMPLETE = "complete"
    TRUNCATED = "truncated"
    ABSENT = "absent"
    DELETED = "deleted"


class Store(Protocol):
    """The store of one archive. Many threads may use it, while other processes use the same archive."""

    location: str
    threads: int
    """How many operations should run at the same time: 1 on a disk, more if each operation waits for a network."""

    def read(self, key: str) -> Stored | None:
        """Read an object. Returns None if it does not exist."""

    def presence(self, key: str) -> Presence:
        """Check whether an object exists and is complete, without reading all of it."""

    def create(self, key: str, data: bytes) -> bool:
        """Write a new object. If there already is an object with this key, change nothing and return False.

        If several callers do this at the same time, exactly one of them gets True. Readers never see a part of the
        object.
        """

    def create_from(self, key: str, source: BinaryIO) -> bool:
        """Like ``create``, but with the bytes of a file, which need not fit into memory.

        The object is flushed to the disk before this returns, so that a power cut cannot truncate it.
        """

    def stream(self, key: str, start: int = 0) -> Iterator[bytes] | None:
        """Read the bytes of an object from position ``start`` on, in parts of at most PART_BYTES.

        Returns None if the object does not exist.
        """

    def renew(self, key: str, source: BinaryIO) -> bool:
        """Make an object count as new, so that a lifecycle rule, which deletes old objects, keeps it.

        Returns False if the object does not exist.

        ``source``: a file with the bytes of the object. S3 counts an object as new only after it was written again.
        """

    def replace(self, key: str, data: bytes, version: str) -> bool:
        """Replace an object if it still has this version. Otherwise change nothing and return False."""

    def delete(self, key: str) -> None:
        """Delete an object. If it does not exist, do nothing."""

    def list(self, prefix: str) -> Iterator[str]:
        """All keys that start with a prefix, in ascending order."""

    def sizes(self, prefix: str) -> dict[str, int]:
        """The size in bytes of each object whose key starts with a prefix, by key, in ascending order of keys."""

    def hashes(self, prefix: str) -> dict[str, str]:
        """The MD5 (hexadecimal) of each object whose key starts with a prefix, by key.

        In S3, the value may be something else, for example if the bucket is encrypted with KMS. Two objects with the
        same bytes may then have different values.
        """

    def folders(self, prefix: str) -> Sequence[str]:
        """The folders directly in a folder, in ascending order. ``prefix`` and the results end with a slash."""

    def files(self, prefix: str) -> Sequence[str]:
        """The keys of the objects directly in a folder, in ascending order. ``prefix`` ends with a slash."""

    def sync(self) -> None:
        """Flush everything that was written so far to the disk, so that it survives a power cut."""


def checked_key(key: str) -> str:
    """Return the key unchanged. Raises ValueError if it is invalid, for example ``../file``."""
    if not _KEY.fullmatch(key) or any(part in (".", "..") for part in key.split("/")):
        raise ValueError(f"invalid key: {key!r}")
    return key
