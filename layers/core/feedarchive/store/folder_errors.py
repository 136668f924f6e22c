"""Explain the errors of an archive in a folder: what failed with which file, why, and what to do."""

from __future__ import annotations

import errno
import os
from collections.abc import Iterable
from pathlib import Path

from feedarchive.store.interface import StoreError

_READ_OPERATIONS = ("read", "check", "list")
_ADVICE = {
    errno.ENOSPC: "the disk is full; free some space and run again",
    errno.EDQUOT: "the disk quota is used up; free some space and run again",
    errno.EACCES: "permission denied; make the folder writable for this user",
    errno.EXDEV: "the archive is spread over several disks; keep all of it on one disk",
    errno.EROFS: "the file system is read-only; make it writable or choose another folder",
}


def folder_error(root: Path, temporary: Path, operation: str, key: str, error: OSError) -> StoreError:
    """Make the StoreError for an operation that failed.

    - ``root``: the folder of the archive.
    - ``temporary``: the folder of temporary files.
    - ``operation``: a verb for the message, such as "write".
    - ``key``: the key of the file.
    """
    path = root / key
    advice = _ADVICE.get(error.errno or 0, error.strerror or str(error))
    if error.errno == errno.EACCES and operation in _READ_OPERATIONS:
        advice = "permission denied; give this user read permission"
    if error.errno in (errno.EEXIST, errno.ENOTDIR):
        folders = [Path(error.filename or path), temporary, *path.parents]
        advice = _dangling_link(folders) or _file_in_the_way(folders, path)
    return StoreError(f"cannot {operation} {path}: {advice}")


def refuse_dangling_link(path: str) -> None:
    """Raise OSError if a path is a symbolic link to a file that does not exist.

    The store would take such a link for a missing file, and then fail to create the file.
    """
    if os.path.islink(path) and not os.path.exists(path):  # noqa: PTH110, PTH114 - Path takes twice as long
        raise OSError(errno.EEXIST, os.strerror(errno.EEXIST), path)


def _dangling_link(paths: Iterable[Path]) -> str:
    for path in paths:
        if path.is_symlink() and not path.exists():
            return (
                f"{path} is a symbolic link to {path.readlink()}, which does not exist; create that file or remove "
                "the link"
            )
    return ""


def _file_in_the_way(folders: Iterable[Path], path: Path) -> str:
    blocking = next((each for each in folders if each.exists() and not each.is_dir()), path)
    return f"{blocking} is a file, but a folder is needed; move it away"
