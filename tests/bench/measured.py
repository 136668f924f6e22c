"""Runs a command as a user would and measures it: wall time, CPU time, memory, files written."""

from __future__ import annotations

import os
import subprocess
import tempfile
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

_SAMPLES_EVERY = 0.05  # seconds
# Looking on takes time from whom it looks at: this part of a core at most.
_MOST_OF_A_CORE = 0.02


@dataclass(frozen=True)
class Cost:
    """What a command took: seconds, seconds, bytes, number."""

    wall: float
    cpu: float
    memory: float
    files: int


def run(command: Sequence[str], environment: Mapping[str, str], folder: Path) -> Cost:
    """Run a command to its end. CPU is user and system time, children's included; memory is the peak of the
    proportional set size (PSS) of all its processes together, sampled up to 20 times a second; files are those in
    ``folder`` that are new or rewritten. A command that fails ends the measuring: its time would mean nothing.
    """
    before = _files(folder)
    os.sync()  # what others left to be written must not be waited for by whom we measure
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
    """What tells a file that was written anew: a clock would not, since that of files goes by ticks."""
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
            pause = max(_SAMPLES_EVERY, (time.perf_counter() - started) / _MOST_OF_A_CORE)

    def stop(self) -> None:
        self._stopped.set()
        self.join()


def _tree(root: int) -> list[int]:
    """A process and all that come from it. Each thread may have children of its own."""
    found = [root]
    for pid in found:
        try:
            for thread in Path(f"/proc/{pid}/task").iterdir():
                found += [int(child) for child in (thread / "children").read_text(encoding="ascii").split()]
        except OSError:
            continue  # it has ended since
    return found


def _pss(pid: int) -> int:
    try:
        for line in Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass  # it has ended since
    return 0
