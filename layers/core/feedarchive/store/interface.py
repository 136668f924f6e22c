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
"""As many bytes of a large object are in memory at the same time."""


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
        """False for a file that a power cut left empty or truncated: this program ends every file with a newline."""
        return self.data.endswith(b"\n")

    def has_hash(self, listed: str) -> bool:
        """Check whether this is the object for which ``Store.hashes`` returned this value.

        In an encrypted bucket that is no MD5, but the ETag, which is the version too.
        """
        return listed in (self.version.strip('"'), hashlib.md5(self.data, usedforsecurity=False).hexdigest())


class Presence(Enum):
    """Whether a key has an object. ``DELETED``: the store recorded that an object was deleted (versioned S3)."""

    COMPLETE = "complete"
    TRUNCATED = "truncated"
    ABSENT = "absent"
    DELETED = "deleted"


class Store(Protocol):
    """The storage of one archive. Safe to use from many threads, while other processes use the same archive."""

    location: str
    threads: int
    """How many operations at the same time are fastest: 1 on a disk of this machine, more where each one waits."""

    def read(self, key: str) -> Stored | None:
        """Read an object; None if it does not exist."""

    def presence(self, key: str) -> Presence:
        """Check whether an object exists and is complete, without reading it."""

    def create(self, key: str, data: bytes) -> bool:
        """Write a new object. Return False and change nothing if the key exists.

        Of several concurrent callers exactly one gets True. Readers see all bytes or none.
        """

    def create_from(self, key: str, source: BinaryIO) -> bool:
        """As ``create``, with the bytes of a file from its start. They are not all in memory at the same time.

        The object may end without a newline, so on return it is safe from a power cut.
        """

    def stream(self, key: str, start: int = 0) -> Iterator[bytes] | None:
        """The bytes of an object from a position on, in parts of at most a megabyte; None if it does not exist."""

    def renew(self, key: str, source: BinaryIO) -> bool:
        """Make a rule that deletes old objects count the age of this one from today. Return False if there is none.

        ``source`` has the bytes of the object, since S3 renews an object when it is written again.
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
    """Return the key. Raises ValueError for one that could point outside the archive, in case a caller made one."""
    if not _KEY.fullmatch(key) or any(part in (".", "..") for part in key.split("/")):
        raise ValueError(f"invalid key: {key!r}")
    return key
