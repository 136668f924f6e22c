"""A store in which a chosen write fails or kills the process."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from typing import BinaryIO

from feedarchive.store.interface import Presence, Store, Stored, StoreError


class Killed(BaseException):
    """Simulates ``kill -9``: no handler of the program catches it."""


class FailingStore:
    """Forward everything to another store, and raise ``error`` at write number ``at`` (from 1; 0 is never).

    The error comes before the write is done or, with ``after``, after it. ``writes`` counts the writes.
    """

    def __init__(self, inner: Store, at: int, error: BaseException, after: bool = False) -> None:
        self.location, self.threads = inner.location, inner.threads
        self._inner, self._at, self._error, self._after = inner, at, error, after
        self.writes = 0

    def _write(self, write: Callable[[], bool]) -> bool:
        self.writes += 1
        if self.writes == self._at and not self._after:
            raise self._error
        done = write()
        if self.writes == self._at:
            raise self._error
        return done

    def create(self, key: str, data: bytes) -> bool:
        return self._write(lambda: self._inner.create(key, data))

    def create_from(self, key: str, source: BinaryIO) -> bool:
        return self._write(lambda: self._inner.create_from(key, source))

    def stream(self, key: str, start: int = 0) -> Iterator[bytes] | None:
        return self._inner.stream(key, start)

    def renew(self, key: str, source: BinaryIO) -> bool:
        return self._write(lambda: self._inner.renew(key, source))

    def replace(self, key: str, data: bytes, version: str) -> bool:
        return self._write(lambda: self._inner.replace(key, data, version))

    def delete(self, key: str) -> None:
        def delete() -> bool:
            self._inner.delete(key)
            return True

        self._write(delete)

    def read(self, key: str) -> Stored | None:
        return self._inner.read(key)

    def presence(self, key: str) -> Presence:
        return self._inner.presence(key)

    def list(self, prefix: str) -> Iterator[str]:
        return self._inner.list(prefix)

    def sizes(self, prefix: str) -> dict[str, int]:
        return self._inner.sizes(prefix)

    def hashes(self, prefix: str) -> dict[str, str]:
        return self._inner.hashes(prefix)

    def folders(self, prefix: str) -> Sequence[str]:
        return self._inner.folders(prefix)

    def files(self, prefix: str) -> Sequence[str]:
        return self._inner.files(prefix)

    def sync(self) -> None:
        self._inner.sync()


class KilledStore(FailingStore):
    """A store whose process is killed at write number ``at``. Later reads and writes raise Killed, too."""

    def __init__(self, inner: Store, at: int, after: bool = False) -> None:
        super().__init__(inner, at, Killed(), after)

    def _write(self, write: Callable[[], bool]) -> bool:
        self._check()
        return super()._write(write)

    def read(self, key: str) -> Stored | None:
        self._check()
        return super().read(key)

    def _check(self) -> None:
        if self._at and self.writes >= self._at:
            raise Killed


FULL_DISK = StoreError("cannot write: the disk is full; free some space and run again")
