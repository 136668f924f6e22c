"""Run a command and measure it: wall time, CPU time, memory, files written."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SAMPLES_EVERY = 0.05  # seconds between two measurements of the memory
# Measuring the memory slows down the command, so it may use only this share of a core.
_MAX_CORE_SHARE = 0.02


@dataclass(frozen=True)
class Cost:
    """The cost of a command: wall and CPU time in seconds, memory in bytes, number of files."""

    wall: float
    cpu: float
    memory: float
    files: int


def run(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Cost:
    """Run a command until it ends.

    CPU is user and system time including children. Memory is the peak of the proportional set size (PSS) of all its
    processes together, sampled up to 20 times a second. Files are those in ``folder`` that are new or rewritten.
    Raises SystemExit if the command fails, because its time would be meaningless.
    """
    before = _files(folder)
    os.sync()  # otherwise the command could have to wait for earlier writes
    with tempfile.TemporaryFile() as output:
        started = time.perf_counter()
        process = subprocess.Popen(command, env=environment, cwd=folder, stdout=subprocess.DEVNULL, stderr=output)
        sampler = _Sampler(process.pid)
        sampler.start()
        _, status, usage = os.wait4(process.pid, 0)
        wall = time.perf_counter() - started
        process.returncode = os.waitstatus_to_exitcode(status)
        sampler.stop()
        if process.returncode:
            output.seek(0)
            raise SystemExit(f"{' '.join(command)[:200]}: exit {process.returncode}: {output.read()[-2000:].decode()}")
    written = sum(before.get(path) != seen for path, seen in _files(folder).items())
    return Cost(wall, usage.ru_utime + usage.ru_stime, sampler.peak, written)


def _files(folder: Path) -> dict[Path, tuple[int, int, int]]:
    """Map each file to its inode, change time and size. The time alone is too coarse to detect a rewritten file."""
    found = {path: path.lstat() for path in folder.rglob("*") if path.is_file()}
    return {path: (stat.st_ino, stat.st_ctime_ns, stat.st_size) for path, stat in found.items()}


class _Sampler(threading.Thread):
    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.peak = 0.0
        self._pid, self._stopped = pid, threading.Event()

    def run(self) -> None:
        pause = _SAMPLES_EVERY
        while not self._stopped.wait(pause):
            started = time.perf_counter()
            self.peak = max(self.peak, sum(_pss(pid) for pid in _tree(self._pid)))
            pause = max(_SAMPLES_EVERY, (time.perf_counter() - started) / _MAX_CORE_SHARE)

    def stop(self) -> None:
        self._stopped.set()
        self.join()


def _tree(root: int) -> list[int]:
    """The ids of a process and of all its descendants. Linux lists the children of each thread separately."""
    found = [root]
    for pid in found:
        try:
            for thread in Path(f"/proc/{pid}/task").iterdir():
                found += [int(child) for child in (thread / "children").read_text(encoding="ascii").split()]
        except OSError:
            continue  # the process has ended
    return found


def _pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass  # the process has ended
    return 0
