"""A store in memory, for benchmarks that prepare a large archive."""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Sequence
from typing import BinaryIO

from feedarchive.store.interface import Presence, Stored


class MemoryStore:
    """A store that keeps its objects in a dict. Two threads must not write the same key at the same time."""

    location = "memory"
    threads = 1

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}

    def read(self, key: str) -> Stored | None:
        data = self.objects.get(key)
        return None if data is None else Stored(data, _md5(data))

    def presence(self, key: str) -> Presence:
        return Presence.COMPLETE if key in self.objects else Presence.ABSENT

    def create(self, key: str, data: bytes) -> bool:
        return self.objects.setdefault(key, data) is data

    def create_from(self, key: str, source: BinaryIO) -> bool:
        source.seek(0)
        return self.create(key, source.read())

    def stream(self, key: str, start: int = 0) -> Iterator[bytes] | None:
        return iter((self.objects[key][start:],)) if key in self.objects else None

    def renew(self, key: str, source: BinaryIO) -> bool:
        return key in self.objects

    def replace(self, key: str, data: bytes, version: str) -> bool:
        if key not in self.objects or _md5(self.objects[key]) != version:
            return False
        self.objects[key] = data
        return True

    def delete(self, key: str) -> None:
        self.objects.pop(key, None)

    def files(self, prefix: str) -> list[str]:
        return [key for key in self.list(prefix) if "/" not in key.removeprefix(prefix)]

    def sizes(self, prefix: str) -> dict[str, int]:
        return {key: len(self.objects[key]) for key in self.list(prefix)}

    def hashes(self, prefix: str) -> dict[str, str]:
        return {key: _md5(self.objects[key]) for key in self.objects if key.startswith(prefix)}

    def folders(self, prefix: str) -> Sequence[str]:
        rest = (key[len(prefix) :] for key in self.objects if key.startswith(prefix))
        return sorted({prefix + each.partition("/")[0] + "/" for each in rest if "/" in each})

    def sync(self) -> None:
        """Do nothing."""

    def list(self, prefix: str) -> Iterator[str]:
        return iter(sorted(key for key in self.objects if key.startswith(prefix)))


def _md5(data: bytes) -> str:
    return hashlib.md5(data, usedforsecurity=False).hexdigest()
