"""Hash many files at the same time: in a folder with all processor cores, in S3 with many connections."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from itertools import chain

from feedarchive.concurrency import in_parallel
from feedarchive.hashes import sha256_of
from feedarchive.store.interface import Store, StoreError

# With fewer files, starting processes takes longer than hashing.
_MIN_FILES = 2_000
_CHUNK = 500
# Large files are hashed in threads, not processes, because hashlib hashes large blocks without holding the GIL.
_THREADS_FOR_LARGE_FILES = 4
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


class FileHasher:
    """Hashes the files of one store. It must be used in a ``with`` statement, which ends its worker processes."""

    def __init__(self, store: Store) -> None:
        self._store, self._number = store, 0
        self._pool: ProcessPoolExecutor | None = None

    def __enter__(self) -> FileHasher:
        return self

    def __exit__(self, *_: object) -> None:
        if self._pool:
            self._pool.shutdown(cancel_futures=True)

    def hash(self, keys: Sequence[str]) -> Iterator[HashedFile]:
        """Hash files. The results have the order of ``keys``. Raises StoreError if a file cannot be read.

        In a folder, worker processes are started after some thousands of files. They hash the following files in the
        background.
        """
        if self._store.threads > 1:
            return in_parallel(partial(_hash_object, self._store), keys, self._store.threads)
        hash_chunk = partial(_hash_chunk, self._store.location)
        chunks = [keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK)]
        self._number += len(keys)
        if self._pool is None and self._number >= _MIN_FILES and _cores() > 1:
            self._pool = ProcessPoolExecutor(_cores(), multiprocessing.get_context("forkserver"))
        return chain.from_iterable((self._pool.map if self._pool else map)(hash_chunk, chunks))


def _cores() -> int:
    if hasattr(os, "process_cpu_count"):
        return os.process_cpu_count() or 1
    return len(os.sched_getaffinity(0))


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


def _hash_chunk(root: str, keys: Iterable[str]) -> list[HashedFile]:
    return [_hash_path(root, key) for key in keys]


def _hash_path(root: str, key: str) -> HashedFile:
    """Hash a file in a folder. ``_hash_object`` could do it too, but this makes fewer system calls and is faster."""
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
