"""What the archive asks of storage: few operations, and the guarantees they carry.

Keys are relative paths of ASCII letters, digits, dots, hyphens and slashes. Two stores keep this
contract, a folder and S3; ``tests/contract`` holds both to it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import Enum
from typing import Protocol

DAMAGED = (ValueError, KeyError, TypeError, AttributeError, OverflowError, RecursionError)
"""What reading JSON raises that no program of ours wrote: deep nesting, other types, times at the end of time."""
_KEY = re.compile(r"[A-Za-z0-9._-]+(?:/[A-Za-z0-9._-]+)*")


class StoreError(Exception):
    """Storage failed: a full disk, a denied write, a bucket that is gone. Ends the run.

    The message is one line and says what was tried on which key and what to do about it.
    """


@dataclass(frozen=True)
class Stored:
    """An object's bytes and the version to replace it by (an ETag; opaque to callers)."""

    data: bytes
    version: str

    @property
    def is_complete(self) -> bool:
        """A power cut may leave a file of a folder empty or torn: every file of ours ends a line."""
        return self.data.endswith(b"\n")


class Presence(Enum):
    """How a key stands: ``DELETED`` when the store remembers that somebody deleted it."""

    COMPLETE = "whole"
    TRUNCATED = "torn"
    ABSENT = "absent"
    DELETED = "deleted"


class Store(Protocol):
    """One archive's storage. Safe for many threads, and for other processes on the same archive."""

    location: str

    def read(self, key: str) -> Stored | None:
        """The object, or None when there is none."""

    def presence(self, key: str) -> Presence:
        """How a key stands, without reading the object."""

    def create(self, key: str, data: bytes) -> bool:
        """Write an object that must not exist yet; False, and nothing changed, if it does.

        Of any number of callers at the same time, one gets True. All bytes or none are seen.
        """

    def replace(self, key: str, data: bytes, version: str) -> bool:
        """Replace an object if it still has this version; False, and nothing changed, if not."""

    def delete(self, key: str) -> None:
        """Remove an object; no error if there is none."""

    def list(self, prefix: str) -> Iterator[str]:
        """Every key that starts with a prefix, in ascending order."""

    def folders(self, prefix: str) -> Sequence[str]:
        """The folders right below a prefix that ends in a slash, each ending in a slash, in order."""

    def sync(self) -> None:
        """Return when all that was written would survive a power cut."""


def checked_key(key: str) -> str:
    """The key itself; ValueError for one that could leave the archive. A second line of defence."""
    if not _KEY.fullmatch(key) or any(part in (".", "..") for part in key.split("/")):
        raise ValueError(f"not a key of an archive: {key!r}")
    return key
