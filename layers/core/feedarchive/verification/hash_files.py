"""Hash many files: in a folder with all processor cores, in S3 over many connections."""

from __future__ import annotations

import hashlib
import multiprocessing
import os
from collections.abc import Iterable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

from feedarchive.concurrency import in_parallel
from feedarchive.hashes import sha256_of
from feedarchive.store.interface import Store, StoreError

# With fewer files, starting processes takes longer than hashing.
_MIN_FILES = 2_000
_CHUNK = 500
_THREADS_FOR_LARGE_FILES = 4  # hashing them uses all cores
_ADVICE = "make it readable for this user, and check the disk"
_Key = TypeVar("_Key")


@dataclass(frozen=True)
class HashedFile:
    """A file's SHA-256 (hex), size, and whether it ends with a newline; None for all if it is not there."""

    key: str
    sha256: str | None
    size: int = 0
    is_complete: bool = True


def hash_files(store: Store, keys: Sequence[str]) -> Iterator[HashedFile]:
    """Hash these files, in any order. Raises StoreError if one cannot be read."""
    if store.threads > 1:
        yield from in_parallel(partial(_hash_object, store), keys, store.threads)
        return
    hash_chunk = partial(_hash_chunk, store.location)
    chunks = [keys[start : start + _CHUNK] for start in range(0, len(keys), _CHUNK)]
    cores = os.process_cpu_count() if hasattr(os, "process_cpu_count") else len(os.sched_getaffinity(0))
    if len(keys) < _MIN_FILES or not cores or cores == 1:
        for chunk in chunks:
            yield from hash_chunk(chunk)
        return
    with ProcessPoolExecutor(cores, multiprocessing.get_context("forkserver")) as pool:
        for found in pool.map(hash_chunk, chunks):
            yield from found


def hash_objects(store: Store, keys: Sequence[str]) -> Iterator[tuple[str, str | None]]:
    """The SHA-256 (hex) of each object, in any order; None if it is not there. Large ones are read in parts."""
    threads = max(store.threads, _THREADS_FOR_LARGE_FILES)
    yield from in_parallel(lambda key: (key, sha256_in_parts(store.stream(key))), keys, threads)


def sha256_in_parts(parts: Iterator[bytes] | None) -> str | None:
    """The SHA-256 (hex) of an object by its stream; None if it is not there."""
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
    """As ``_hash_object``, with as few system calls as possible."""
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
