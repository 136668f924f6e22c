"""The lock of an archive in a folder. Only one thread of one process can hold it at a time."""

from __future__ import annotations

import errno
import os
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import FileLock, Timeout

LOCK_NAMES = ("lock", "lock-holder")
"""The lock file, and a file that names the process that holds the lock.

Two files are needed, because processes that wait for the lock empty the lock file.
"""

_TIMEOUT_SECONDS = 60.0  # in normal use, no process holds the lock for so long


class LockHeld(OSError):
    """Another process has held the lock for too long. The message names that process."""


class FolderLock:
    """A lock in a folder. The folder must exist."""

    def __init__(self, folder: Path) -> None:
        self._path, self._holder = (folder / name for name in LOCK_NAMES)
        # Threads of this process wait for each other here. Waiting for the lock file is slower, because FileLock polls.
        self._guard = threading.Lock()

    @contextmanager
    def hold(self) -> Iterator[None]:
        """Hold the lock during a ``with`` block.

        Raises LockHeld if another process holds the lock for a minute, OSError if the file system has no locks.
        """
        with self._guard:
            lock = FileLock(self._path)
            try:
                lock.acquire(timeout=_TIMEOUT_SECONDS)
            except Timeout:
                message = f"{self._name_of_holder()} has held {self._path} for a minute; end that process and run again"
                raise LockHeld(errno.EAGAIN, message) from None
            except NotImplementedError:
                message = "the file system has no file locks; move the archive to another file system"
                raise OSError(errno.ENOLCK, message) from None
            try:
                with suppress(OSError):  # the file is only for the message of LockHeld
                    self._holder.write_text(f"process {os.getpid()} on {socket.gethostname()}\n", encoding="utf-8")
                yield
            finally:
                lock.release()

    def _name_of_holder(self) -> str:
        try:
            return self._holder.read_text(encoding="utf-8").strip() or "another process"
        except (OSError, ValueError):
            return "another process"
