"""Write temporary files in a separate folder. They get their final names later, so that nobody reads half a file."""

from __future__ import annotations

import itertools
import os
import uuid
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from feedarchive.store.durable_files import DEFAULT_MODE, copy_new, write_new
from feedarchive.store.folder_lock import LOCK_NAMES

_ABANDONED_AFTER_SECONDS = 24 * 3600.0  # no file takes this long to write


class TemporaryFiles:
    """Writes temporary files. Several threads and forked processes may use it at the same time.

    The first write also removes old temporary files, which processes left behind when they were killed.
    """

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._start = f"{folder}/{uuid.uuid4().hex}"  # forked processes share this, so ``_write`` adds the process id
        self._numbers = itertools.count()
        self._swept = False

    def write(self, data: bytes, mode: int = DEFAULT_MODE) -> str:
        """Write a new file, and return its path. ``mode``: its permissions. Raises OSError."""
        return self._write(lambda path: write_new(path, data, mode))

    def copy(self, source: BinaryIO) -> str:
        """Copy ``source`` from its start to a new file, flush it to the disk, and return its path. Raises OSError."""
        return self._write(lambda path: copy_new(path, source))

    def _write(self, write: Callable[[str], None]) -> str:
        path = f"{self._start}-{os.getpid()}-{next(self._numbers)}"
        if not self._swept:
            self._make_folder()
        try:
            try:
                write(path)
            except FileNotFoundError:  # another process or a person has removed the folder
                self._make_folder()
                write(path)
            if not self._swept:
                self._swept = True
                self._sweep(Path(path).stat().st_mtime - _ABANDONED_AFTER_SECONDS)
        except OSError:
            with suppress(OSError):
                os.unlink(path)  # noqa: PTH108
            raise
        return path

    def _make_folder(self) -> None:
        self._folder.mkdir(parents=True, exist_ok=True)

    def _sweep(self, before: float) -> None:
        """Remove the files that were last changed before the time ``before``, in seconds since 1970."""
        for path in self._folder.iterdir():
            with suppress(OSError):
                if path.name not in LOCK_NAMES and path.stat().st_mtime < before:
                    path.unlink()
