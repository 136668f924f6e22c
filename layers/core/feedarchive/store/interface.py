"""The interface of storage: a few operations and what each of them guarantees.

Keys are relative paths of ASCII letters, digits, dots, underscores, hyphens, equals signs and slashes. There are two
implementations, a folder and S3; ``tests/contract`` runs the same tests against both.
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
"""The size of the parts in which large objects are read and copied, so that they need not fit into memory."""


class StoreError(Exception):
    """Storage failed: a full disk, a denied write, a missing bucket. Ends the run.

    The message is one line: which operation on which key failed, why, and what to do.
    """


@dataclass(frozen=True)
class Stored:
    """An object's bytes, and the version that ``replace`` compares (an ETag or a hash; opaque to callers)."""

    data: bytes
    version: str

    @property
    def is_complete(self) -> bool:
        """Does the object end with a newline, like every text file that this program writes?

        A file that a power cut left empty or truncated does not.
        """
        return self.data.endswith(b"\n")

    def has_hash(self, listed: str) -> bool:
        """Is this the object for which ``Store.hashes`` returned the value ``listed``?

        In an encrypted bucket, that value is not the MD5 but the ETag, which is also the version.
        """
        return listed in (self.version.strip('"'), hashlib.md5(self.data, usedforsecurity=False).hexdigest())


class Presence(Enum):
    """Whether a key has an object. ``DELETED``: it has none, and versioned S3 recorded that one was deleted."""

    COMPLETE = "complete"
    TRUNCATED = "truncated"
    ABSENT = "absent"
    DELETED = "deleted"


class Store(Protocol):
    """The storage of one archive. Safe to use from many threads, while other processes use the same archive."""

    location: str
    threads: int
    """How many concurrent operations are fastest: 1 on a disk of this machine, more if each waits for a network."""

    def read(self, key: str) -> Stored | None:
        """Read an object; None if it does not exist."""

    def presence(self, key: str) -> Presence:
        """Check whether an object exists and is complete, without reading it."""

    def create(self, key: str, data: bytes) -> bool:
        """Write a new object. Return False and change nothing if the key exists.

        Of several concurrent callers exactly one gets True. Readers see all bytes or none.
        """

    def create_from(self, key: str, source: BinaryIO) -> bool:
        """Like ``create``, with the bytes of a file from its start. They are not all in memory at the same time.

        The object may end without a newline, so a truncated one could not be recognized. Therefore the object is safe
        from a power cut when this returns.
        """

    def stream(self, key: str, start: int = 0) -> Iterator[bytes] | None:
        """The bytes of an object from a position on, in parts of at most a megabyte; None if it does not exist."""

    def renew(self, key: str, source: BinaryIO) -> bool:
        """Restart the age of an object, by which a rule deletes old objects. Return False if the object does not exist.

        ``source`` has the bytes of the object, because S3 restarts the age only when the object is written again.
        """

    def replace(self, key: str, data: bytes, version: str) -> bool:
        """Replace an object if it still has this version. Otherwise return False and change nothing."""

    def delete(self, key: str) -> None:
        """Delete an object; no error if it does not exist."""

    def list(self, prefix: str) -> Iterator[str]:
        """All keys that start with a prefix, in ascending order."""

    def sizes(self, prefix: str) -> dict[str, int]:
        """The size in bytes of every object whose key starts with a prefix, by key in ascending order."""

    def hashes(self, prefix: str) -> dict[str, str]:
        """The MD5 (hex) of every object whose key starts with a prefix, by key.

        S3 lists another value for some objects, for example in a bucket encrypted with KMS. That value is never the MD5
        of other bytes.
        """

    def folders(self, prefix: str) -> Sequence[str]:
        """The folders directly below a prefix, in ascending order. The prefix and all results end in a slash."""

    def files(self, prefix: str) -> Sequence[str]:
        """The keys directly below a folder, in ascending order. The prefix ends in a slash."""

    def sync(self) -> None:
        """Return when everything written so far would survive a power cut."""


def checked_key(key: str) -> str:
    """Return the key. Raises ValueError if it is invalid, for example because it could point outside the archive."""
    if not _KEY.fullmatch(key) or any(part in (".", "..") for part in key.split("/")):
        raise ValueError(f"invalid key: {key!r}")
    return key
