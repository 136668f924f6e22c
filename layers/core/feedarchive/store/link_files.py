"""Give a complete file its final name, but never replace a file that has this name already.

This is done by a hard link. On a file system without hard links, the file is renamed while a lock is held.
"""

from __future__ import annotations

import errno
import os
from pathlib import Path

from feedarchive.store.durable_files import UnsyncedFiles
from feedarchive.store.folder_errors import refuse_dangling_link
from feedarchive.store.folder_lock import FolderLock

# os.link raises one of these errors on file systems without hard links: exFAT, some network drives, Docker mounts,
# Android.
_NO_LINKS = (errno.EPERM, errno.EACCES, errno.ENOTSUP, errno.EOPNOTSUPP, errno.ENOSYS)
_MAX_LINK_ATTEMPTS = 100


class FileLinker:
    """Gives complete files their final names.

    ``temporary``: the folder of the temporary files and of the lock.
    """

    def __init__(self, temporary: Path, unsynced: UnsyncedFiles, lock: FolderLock) -> None:
        self._temporary, self._unsynced, self._lock = temporary, unsynced, lock
        self._has_links = True

    def link_once(self, temporary: str, path: str) -> bool:
        """Give the file ``temporary`` the name ``path``. If this name exists, change nothing and return False."""
        if self._has_links:
            try:
                return self._link(temporary, path)
            except OSError as error:
                if error.errno not in _NO_LINKS:
                    raise
        self._temporary.mkdir(parents=True, exist_ok=True)
        with self._lock.hold():
            self._unsynced.add(path)
            if os.path.lexists(path):
                refuse_dangling_link(path)
                return False
            Path(path).parent.mkdir(parents=True, exist_ok=True)
            os.rename(temporary, path)  # noqa: PTH104
        self._has_links = False
        return True

    def _link(self, temporary: str, path: str) -> bool:
        """Make a hard link for ``link_once``. This is atomic."""
        # Another process may remove the new folder while it is still empty, so try more than once.
        for _ in range(_MAX_LINK_ATTEMPTS):
            try:
                os.link(temporary, path)
            except FileExistsError:
                refuse_dangling_link(path)
                self._unsynced.add(path)
                return False
            except FileNotFoundError:
                Path(path).parent.mkdir(parents=True, exist_ok=True)
                continue
            self._unsynced.add(path)
            return True
        raise OSError(errno.ENOENT, "other processes keep removing its folder; run again")
