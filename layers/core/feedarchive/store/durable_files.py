"""Write files so that a file truncated by a power cut never looks complete, and flush files to the disk."""

from __future__ import annotations

import ctypes
import os
import shutil
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import BinaryIO

from feedarchive.store.interface import PART_BYTES

# Bytes. File systems write complete pages: a power cut truncates a new file at the end of a page.
_PAGE = 4096
DEFAULT_MODE = 0o666


def write_new(path: str, data: bytes, mode: int = DEFAULT_MODE) -> None:
    """Write a new file. If a page ends in a newline, flush the file: truncated there, it would look complete.

    ``mode`` are the permissions of the file. If they are the default, the user's umask applies.
    """
    is_ambiguous = b"\n" in data[_PAGE - 1 : -1 : _PAGE]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        if mode != DEFAULT_MODE and hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode)
        while data:  # write() may write only a part, for example when the disk fills up
            data = data[os.write(descriptor, data) :]
        if is_ambiguous:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy_new(path: str, source: BinaryIO) -> None:
    """Copy a file from its start to a new file, and flush the new file to the disk."""
    source.seek(0)
    with open(path, "xb") as file:  # noqa: PTH123
        shutil.copyfileobj(source, file, PART_BYTES)
        file.flush()
        os.fsync(file.fileno())


def write_at(path: Path, data: bytes, at: int, size: int) -> bool:
    """Write data at byte ``at``, and end the file after the data.

    If the file does not have ``size`` bytes now, change nothing and return False. A missing file has 0 bytes.
    """
    descriptor = os.open(path, os.O_RDWR | os.O_CREAT | getattr(os, "O_BINARY", 0), DEFAULT_MODE)
    try:
        if os.fstat(descriptor).st_size != size:
            return False
        os.lseek(descriptor, at, os.SEEK_SET)
        while data:
            data = data[os.write(descriptor, data) :]
        os.ftruncate(descriptor, os.lseek(descriptor, 0, os.SEEK_CUR))
    finally:
        os.close(descriptor)
    return True


class UnsyncedFiles:
    """The files in a folder that were written, or relied on, since they were last flushed to the disk. Thread-safe."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._paths: set[str] = set()
        self._guard = threading.Lock()
        self._error: OSError | None = None

    def add(self, path: str) -> None:
        with self._guard:
            self._paths.add(path)

    def sync(self) -> None:
        """Flush these files and their folders. Raises OSError; after one failure, all later calls raise it too."""
        with self._guard:
            paths, self._paths = self._paths, set()
        if self._error:
            raise self._error
        if not paths:
            return
        try:
            if not sync_file_system(self._root):
                files = {Path(path) for path in paths}
                for path in sorted(files | {parent for p in files for parent in p.parents if self._is_inside(parent)}):
                    sync_path(path)
        except OSError as error:
            # The system reports a write error only once: another sync would succeed although data may be lost.
            self._error = error
            raise

    def _is_inside(self, path: Path) -> bool:
        return path == self._root or self._root in path.parents


def sync_file_system(root: Path) -> bool:
    """Sync the whole file system in one call (Linux only). Return False where that is impossible."""
    if not sys.platform.startswith("linux"):
        return False
    descriptor = os.open(root, os.O_RDONLY)
    try:
        return int(ctypes.CDLL(None, use_errno=True).syncfs(descriptor)) == 0
    except AttributeError:  # a C library without syncfs
        return False
    finally:
        os.close(descriptor)


def sync_path(path: Path) -> None:
    with suppress(FileNotFoundError):
        descriptor = os.open(path, os.O_RDONLY)
        try:
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
