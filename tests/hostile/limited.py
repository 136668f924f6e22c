"""Run hostile inputs in a process of their own, with limits of CPU time and memory that also apply inside C code."""

from __future__ import annotations

import contextlib
import json
import os
import re
import resource
import signal
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.hostile.inputs.forms import Input, item, rss
from tests.hostile.pipeline import files_of

MAX_CPU_SECONDS = 10
MAX_MEMORY = 300 * 2**20


@dataclass(frozen=True)
class Run:
    """``cpu`` in seconds; ``memory`` in MB above the idle process; ``finished`` is False if it reached a limit."""

    size: int
    cpu: float
    memory: float
    outcome: str
    finished: bool
    written: int = 0


def run(hostile: Input, size: int, max_cpu: float = MAX_CPU_SECONDS, max_memory: int = MAX_MEMORY) -> Run:
    """Convert a hostile input of about ``size`` bytes, in a process of its own."""
    return run_all({"": hostile}, size, max_cpu, max_memory)[""]


def run_all(inputs: Mapping[str, Input], size: int, max_cpu: float, max_memory: int = MAX_MEMORY) -> dict[str, Run]:
    """Convert one input after another in one process, each with these limits.

    If an input ends the process, the next input gets a new process.

    The process is forked after all modules are loaded, so their memory is not measured.
    """
    documents = {name: hostile.make(size) for name, hostile in inputs.items()}
    # Fill the caches before the fork, so that their memory is not measured either.
    files_of(rss(item("<guid>https://example.org/idle</guid>")))
    results: dict[str, Run] = {}
    while left := [name for name in inputs if name not in results]:
        read_end, write_end = os.pipe()
        child = os.fork()
        if not child:
            os.close(read_end)
            for name in left:
                _in_child(write_end, inputs[name], documents[name], max_cpu, max_memory)
            os._exit(0)
        os.close(write_end)
        with os.fdopen(read_end, "rb") as pipe:
            found = [json.loads(line) for line in pipe]
        _, status, used = os.wait4(child, 0)
        results |= {name: Run(len(documents[name]), **each) for name, each in zip(left, found, strict=False)}
        if len(found) < len(left):
            name, number = left[len(found)], os.waitstatus_to_exitcode(status)
            assert number < 0, f"the process failed by itself with {number}"
            results[name] = _ended(len(documents[name]), number, used.ru_utime + used.ru_stime, max_memory)
    return results


def _ended(size: int, number: int, cpu: float, max_memory: int) -> Run:
    """The run of an input whose process was ended by a signal."""
    reason = "CPU limit" if number == -signal.SIGPROF else f"ended by {signal.Signals(-number).name}"
    return Run(size, cpu, max_memory / 2**20 if number == -signal.SIGABRT else 0.0, reason, finished=False)


def _in_child(write_end: int, hostile: Input, document: bytes, max_cpu: float, max_memory: int) -> None:
    with contextlib.suppress(OSError):
        Path("/proc/self/clear_refs").write_text("5", encoding="ascii")  # reset the peak of memory
    space, before = _memory("VmSize"), _memory("VmRSS")
    os.dup2(os.open(os.devnull, os.O_WRONLY), 2)  # Rust prints to stderr when it is out of memory.
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    _limit(resource.RLIMIT_AS, space + max_memory)
    start = time.process_time()
    signal.setitimer(signal.ITIMER_PROF, max_cpu)  # RLIMIT_CPU would count only whole seconds.
    written, finished = 0, True
    try:
        converted = files_of(document, hostile.content_type, hostile.html_body)
        outcome, written = converted.outcome(), sum(len(file) for file in converted.files)
    except MemoryError:
        outcome, finished = "memory limit", False
    except Exception as bug:  # noqa: BLE001 - reported as the outcome
        outcome, finished = f"BUG {bug!r:.100}", False
    signal.setitimer(signal.ITIMER_PROF, 0)
    _limit(resource.RLIMIT_AS, resource.RLIM_INFINITY)
    result = {
        "cpu": time.process_time() - start,
        "memory": max(0, _memory("VmHWM") - before) / 2**20,
        "outcome": outcome,
        "finished": finished,
        "written": written,
    }
    os.write(write_end, json.dumps(result).encode() + b"\n")


def _limit(kind: int, value: int) -> None:
    resource.setrlimit(kind, (value, resource.getrlimit(kind)[1]))


def _memory(name: str) -> int:
    """A value of /proc/self/status, in bytes."""
    found = re.search(rf"{name}:\s+(\d+) kB", Path("/proc/self/status").read_text(encoding="ascii"))
    assert found
    return int(found.group(1)) * 1024
