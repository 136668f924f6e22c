"""SIGKILL a copy at random writes, then copy again: are both sides byte-equal?

    python -m tests.copying.random_kills 200

Another process copies an archive and is killed at one of its writes: when half of a file is written, before the file
has its name, or after. Then every file of the copy must be complete, and archive.json may exist only if no file is
missing. At last, the same command must complete the copy.
"""

from __future__ import annotations

import os
import shutil
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path
from random import Random

from feedarchive.store.folder import FolderStore
from tests.copying.archives import copy, files, make_small_archive
from tests.harness.clock import Clock
from tests.harness.killing_store import KillingStore, KillPoint

# In an incomplete copy, these files list only the days that are copied so far.
_PARTIAL = ("archive/index.json", "pages/index.html")


@dataclass(frozen=True)
class Killed:
    """How many copies were killed in the middle, how many were damaged, and how many the next copy did not complete."""

    interrupted: int
    torn: int
    different: int


def run_kills(folder: Path, number: int, seed: int) -> Killed:
    """Kill ``number`` copies, and complete each of them with another copy."""
    source, random = FolderStore(folder / "source"), Random(seed)
    make_small_archive(source, Clock())
    expected = files(source)
    counting = KillingStore(str(folder / "whole"), KillPoint.CREATED, at=0)
    copy(source, counting)
    interrupted = torn = different = 0
    for _ in range(number):
        destination = folder / "copy"
        _copy_until_killed(source, destination, random.choice(list(KillPoint)), random.randint(1, counting.writes - 1))
        there = files(FolderStore(destination))
        interrupted += there != expected
        torn += any(data != expected.get(key) for key, data in there.items() if key not in _PARTIAL)
        torn += "archive.json" in there and there != expected
        copy(source, FolderStore(destination))
        different += files(FolderStore(destination)) != expected
        shutil.rmtree(destination)
    return Killed(interrupted, torn, different)


def _copy_until_killed(source: FolderStore, destination: Path, point: KillPoint, at: int) -> None:
    child = os.fork()
    if child == 0:
        try:
            copy(source, KillingStore(str(destination), point, at))
        finally:
            os._exit(0)
    _, status = os.waitpid(child, 0)
    if not os.WIFSIGNALED(status):
        raise AssertionError(f"the copy was not killed at write {at}")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        found = run_kills(Path(temporary), int(sys.argv[1]), seed=1)
    print(found)
    sys.exit(1 if found.different or found.torn else 0)
