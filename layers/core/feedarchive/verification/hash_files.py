"""Hash many files. Files in S3 are read over many connections at the same time."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import partial

from feedarchive.concurrency import in_parallel
from feedarchive.hashes import sha256_of
from feedarchive.store.interface import Store, StoreError

_THREADS_FOR_LARGE_FILES = 4  # threads can use all cores: hashlib hashes large blocks without holding the GIL
_ADVICE = "make it readable for this user, and check the disk"


@dataclass(frozen=True)
class HashedFile:
    """A file that was hashed.

    - ``sha256``: the SHA-256 in hexadecimal; None if the file is missing. The other fields then have no meaning.
    - ``is_complete``: whether the file ends with a newline.
    """

    key: str
    sha256: str | None
    size: int = 0
    is_complete: bool = True


def hash_files(store: Store, keys: Sequence[str]) -> Iterator[HashedFile]:
    """Hash the files with these keys, in the order of ``keys``. Raises StoreError if a file cannot be read."""
    hash_one = partial(_hash_object, store) if store.threads > 1 else partial(_hash_path, store.location)
    return in_parallel(hash_one, keys, store.threads)


def hash_objects(store: Store, keys: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """Hash objects of any size. They are read in parts.

    Yields the key and the SHA-256 (hexadecimal) of each object, in any order. The hash of a missing object is None.
    """
    threads = max(store.threads, _THREADS_FOR_LARGE_FILES)
    yield from in_parallel(lambda key: (key, sha256_in_parts(store.stream(key))), keys, threads)


def sha256_in_parts(parts: Iterator[bytes] | None) -> str | None:
    """The SHA-256 (hexadecimal) of an object that is read in parts. Returns None if ``parts`` is None."""
    if parts is None:
        return None
    digest = hashlib.sha256()
    for part in parts:
        digest.update(part)
    return digest.hexdigest()


def _hash_object(store: Store, key: str) -> HashedFile:
    stored = store.read(key)
    if stored is None:
        return HashedFile(key, None)
    return HashedFile(key, sha256_of(stored.data), len(stored.data), stored.is_complete)


def _hash_path(root: str, key: str) -> HashedFile:
    """Hash a file in a folder. This makes fewer system calls than ``_hash_object``."""
    try:
        descriptor = os.open(f"{root}/{key}", os.O_RDONLY | getattr(os, "O_BINARY", 0))
    except (FileNotFoundError, NotADirectoryError):
        return HashedFile(key, None)
    except OSError as error:
        raise StoreError(f"cannot read {root}/{key}: {error.strerror}; {_ADVICE}") from None
    try:
        parts = [os.read(descriptor, 1 << 16)]
        while parts[-1] and (len(parts) > 1 or len(parts[0]) == 1 << 16):
            parts.append(os.read(descriptor, 1 << 20))
    except OSError as error:
        raise StoreError(f"cannot read {root}/{key}: {error.strerror}; {_ADVICE}") from None
    finally:
        os.close(descriptor)
    data = parts[0] if len(parts) == 1 else b"".join(parts)
    return HashedFile(key, sha256_of(data), len(data), data.endswith(b"\n"))
