"""A hostile input in a process of its own, with a limit on CPU and memory that holds inside C code."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import signal
import time
from dataclasses import dataclass
from pathlib import Path

from hostile.inputs.forms import Input, item, rss
from hostile.pipeline import files_of

MOST_CPU = 10
MOST_MEMORY = 300 * 2**20


@dataclass(frozen=True)
class Run:
    """``cpu`` in seconds; ``memory`` in MB above the idle process; ``ended`` is False if a limit had to end it."""

    size: int
    cpu: float
    memory: float
    outcome: str
    ended: bool
    written: int = 0


def run(made: Input, size: int, most_cpu: int = MOST_CPU, most_memory: int = MOST_MEMORY) -> Run:
    """What becomes of a hostile input of about ``size`` bytes.

    The process is forked, so that what the program's modules need counts as idle.
    """
    document = made.make(size)
    files_of(rss(item("<guid>https://example.org/idle</guid>")))  # what is read and made once counts as idle too
    reading, writing = os.pipe()
    child = os.fork()
    if not child:
        os.close(reading)
        _in_child(writing, made, document, most_cpu, most_memory)
    os.close(writing)
    with os.fdopen(reading, "rb") as answer:
        said = answer.read()
    _, status, used = os.wait4(child, 0)
    if said:
        return Run(size=len(document), **json.loads(said))
    number = os.waitstatus_to_exitcode(status)
    cpu = used.ru_utime + used.ru_stime
    why = "CPU limit" if number in (-signal.SIGXCPU, -signal.SIGKILL) else f"ended by {signal.Signals(-number).name}"
    assert number < 0, f"the measuring itself failed with {number}"
    return Run(len(document), cpu, most_memory / 2**20 if number == -signal.SIGABRT else 0.0, why, ended=False)


def _in_child(writing: int, made: Input, document: bytes, most_cpu: int, most_memory: int) -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # the peak of memory counts from here
    space, before = _memory("VmSize"), _memory("VmRSS")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # what Rust says when it is out of memory
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit(resource.RLIMIT_AS, space + most_memory)
    start = time.process_time()
    _limit(resource.RLIMIT_CPU, int(start) + most_cpu)
    written, ended = 0, True
    try:
        result = files_of(document, made.content_type, made.html_body)
        outcome, written = result.outcome(), sum(len(file) for file in result.files)
    except MemoryError:
        outcome, ended = "memory limit", False
    except Exception as bug:  # noqa: BLE001 - told by the table
        outcome, ended = f"BUG {bug!r:.100}", False
    _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
    told = {
        "cpu": time.process_time() - start,
        "memory": max(0, _memory("VmHWM") - before) / 2**20,
        "outcome": outcome,
        "ended": ended,
        "written": written,
    }
    os.write(writing, json.dumps(told).encode())
    os._exit(0)


def _limit(kind: int, most: int) -> None:
    resource.setrlimit(kind, (most, resource.getrlimit(kind)[1]))


def _memory(name: str) -> int:
    """Bytes, by the kernel's count."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found
    return int(found.group(1)) * 1024
