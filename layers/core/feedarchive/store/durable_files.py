"""Write files and flush them to the disk, so that a power cut does no harm."""

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

# A power cut truncates a new file only between two pages, because file systems write whole pages.
_PAGE_BYTES = 4096
DEFAULT_MODE = 0o666


def write_new(path: str, data: bytes, mode: int = DEFAULT_MODE) -> None:
    """Write a new file.

    ``mode``: the permissions of the file. The user's umask applies only to DEFAULT_MODE.
    """
    # A truncated file is recognized because it does not end with a newline. If there is a newline at the end of a page,
    # a truncated file could look complete. So flush such a file now.
    is_ambiguous = b"\n" in data[_PAGE_BYTES - 1 : -1 : _PAGE_BYTES]
    descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), mode)
    try:
        if mode != DEFAULT_MODE and hasattr(os, "fchmod"):
            os.fchmod(descriptor, mode)
        while data:  # os.write may write only a part of the data
            data = data[os.write(descriptor, data) :]
        if is_ambiguous:
            os.fsync(descriptor)
    finally:
        os.close(descriptor)


def copy_new(path: str, source: BinaryIO) -> None:
    """Copy a file from its start to a new file at ``path``, and flush the new file to the disk."""
    source.seek(0)
    with open(path, "xb") as file:  # noqa: PTH123
        shutil.copyfileobj(source, file, PART_BYTES)
        file.flush()
        os.fsync(file.fileno())


def write_at(path: Path, data: bytes, at: int, size: int) -> bool:
    """Replace everything from byte ``at`` to the end of a file with ``data``.

    ``size``: the expected size of the file; 0 if it is missing or empty. If the file has another size, nothing is
    written, and False is returned.
    """
    create = 0 if size else os.O_CREAT
    try:
        descriptor = os.open(path, os.O_RDWR | create | getattr(os, "O_BINARY", 0), DEFAULT_MODE)
    except FileNotFoundError:
        if create:
            raise  # the folder is missing
        return False
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
    """Remembers which files in a folder must be flushed to the disk. Thread-safe."""

    def __init__(self, root: Path) -> None:
        self._root = root
        self._paths: set[str] = set()
        self._guard = threading.Lock()
        self._error: OSError | None = None

    def add(self, path: str) -> None:
        with self._guard:
            self._paths.add(path)

    def sync(self) -> None:
        """Flush the remembered files and their folders to the disk, and clear the list.

        Raises OSError if this fails. All later calls then raise the same error.
        """
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
            # Keep the error. The operating system reports it only once, so another sync would hide that data is lost.
            self._error = error
            raise

    def _is_inside(self, path: Path) -> bool:
        return path == self._root or self._root in path.parents


def sync_file_system(root: Path) -> bool:
    """Flush the whole file system of a folder to the disk. Returns False if the system has no call for it (syncfs)."""
    if not sys.platform.startswith("linux"):
        return False
    descriptor = os.open(root, os.O_RDONLY)
    try:
        return int(ctypes.CDLL(None, use_errno=True).syncfs(descriptor)) == 0
    except AttributeError:  # the C library does not have syncfs
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
