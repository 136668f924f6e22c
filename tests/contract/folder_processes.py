"""What other processes write to a folder in tests. Each of them imports this module again, so it imports little."""

from __future__ import annotations

import errno
import os
from pathlib import Path

from feedarchive.store.folder import FolderStore


def create_and_count(folder: str, number: int) -> tuple[int, int]:
    """Create the same 50 keys as all other processes, and add 25 to a number that all of them increment."""
    store = FolderStore(Path(folder))
    created = sum(store.create(f"claims/00/{n:032}", b"%d\n" % number) for n in range(50))
    store.create("state/count.json", b"0\n")
    counted = 0
    while counted < 25:
        stored = store.read("state/count.json")
        assert stored is not None
        counted += store.replace("state/count.json", b"%d\n" % (int(stored.data) + 1), stored.version)
    return created, counted


def create_without_links(folder: str, number: int) -> int:
    """Create the same 50 keys as all other processes, on a disk without hard links."""

    def fail(*_: object) -> None:
        raise OSError(errno.EPERM, os.strerror(errno.EPERM))

    os.link = fail  # type: ignore[assignment]  # this process ends with the test
    store = FolderStore(Path(folder))
    return sum(store.create(f"claims/00/{n:032}", b"%d\n" % number) for n in range(50))
