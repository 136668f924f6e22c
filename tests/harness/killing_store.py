"""A folder store that kills its own process with SIGKILL in the middle of a chosen write."""

from __future__ import annotations

import os
import signal
from collections.abc import Callable
from enum import Enum
from functools import partial
from pathlib import Path

from feedarchive.store.folder import FolderStore


class KillPoint(Enum):
    """Where in a write the process is killed."""

    HALF_WRITTEN = "the temporary file, or what is appended, has half of its bytes"
    NOT_LINKED = "the temporary file is complete, but the object does not exist yet"
    CREATED = "the object exists"


class KillingStore(FolderStore):
    """Kills its process at write number ``at``, never if it is 0. Creating, replacing and appending are writes."""

    def __init__(self, folder: str, point: KillPoint, at: int) -> None:
        super().__init__(Path(folder))
        self._point, self._at, self._left = point, at, at
        self._linker.link_once = partial(self._link_once, self._linker.link_once)  # type: ignore[method-assign]

    @property
    def writes(self) -> int:
        """The number of writes so far."""
        return self._at - self._left

    def _link_once(self, link_once: Callable[[str, str], bool], temporary: str, path: str) -> bool:
        if not Path(path).exists():
            self._left -= 1
        if self._left == 0 and self._point is KillPoint.HALF_WRITTEN:
            os.truncate(temporary, Path(temporary).stat().st_size // 2)
        if self._left == 0 and self._point is not KillPoint.CREATED:
            os.kill(os.getpid(), signal.SIGKILL)
        created = link_once(temporary, path)
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return created

    def append(self, key: str, data: bytes, at: int, size: int) -> bool:
        self._left -= 1
        if self._left == 0 and self._point is KillPoint.HALF_WRITTEN:
            super().append(key, data[: len(data) // 2], at, size)
        if self._left == 0 and self._point is not KillPoint.CREATED:
            os.kill(os.getpid(), signal.SIGKILL)
        appended = super().append(key, data, at, size)
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return appended

    def replace(self, key: str, data: bytes, version: str) -> bool:
        self._left -= 1
        if self._left == 0 and self._point is not KillPoint.CREATED:
            os.kill(os.getpid(), signal.SIGKILL)
        replaced = super().replace(key, data, version)
        if self._left == 0:
            os.kill(os.getpid(), signal.SIGKILL)
        return replaced
