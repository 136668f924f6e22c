"""SIGKILL a copy at random points, then copy again: are both sides byte-equal?

    python -m tests.copying.random_kills 200

starts ``feedarchive copy --everything`` in a process of its own and kills it after a random part of the time that a
whole copy needs. Every file there must be whole, and archive.json must be there only if all is. The same command goes
on then.
"""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from dataclasses import dataclass
from pathlib import Path
from random import Random

from feedarchive.store.folder import FolderStore
from tests.copying.archives import files, make_archive
from tests.harness.clock import Clock


@dataclass(frozen=True)
class Killed:
    """How many copies were killed in the middle, and how many were not byte-equal after the second copy."""

    interrupted: int
    different: int
    torn: int


def _command(source: Path, destination: Path) -> list[str]:
    return [sys.executable, "-m", "feedarchive", "copy", str(source), str(destination), "--everything"]


def run_kills(folder: Path, number: int, seed: int) -> Killed:
    """Kill that many copies."""
    source = folder / "source"
    make_archive(FolderStore(source), Clock())
    expected = files(FolderStore(source))
    began = time.perf_counter()
    subprocess.run(_command(source, folder / "whole"), check=True, capture_output=True)
    needed = time.perf_counter() - began
    random = Random(seed)
    interrupted = different = torn = 0
    for _ in range(number):
        destination = folder / "copy"
        process = subprocess.Popen(_command(source, destination), stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        try:
            process.wait(random.uniform(0.3, 1.1) * needed)
        except subprocess.TimeoutExpired:
            os.kill(process.pid, signal.SIGKILL)
            process.wait()
        there = files(FolderStore(destination)) if destination.exists() else {}
        interrupted += 0 < len(there) < len(expected)
        torn += any(data != expected.get(key) for key, data in there.items() if key not in _PARTIAL)
        torn += "archive.json" in there and there != expected
        subprocess.run(_command(source, destination), check=True, capture_output=True)
        different += files(FolderStore(destination)) != expected
        shutil.rmtree(destination)
    return Killed(interrupted, different, torn)


# These name the days that have arrived so far.
_PARTIAL = ("archive/index.json", "pages/index.html")


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as temporary:
        found = run_kills(Path(temporary), int(sys.argv[1]), seed=1)
    print(found)
    sys.exit(1 if found.different or found.torn else 0)
