"""The main program of a parser process. The system or the parent may kill it at any moment.

Each document and each entry has a limit on CPU time. At the limit, a timer (ITIMER_PROF) sends a signal that ends the
process, even during a long call of C code such as a regular expression. RLIMIT_CPU is not used, because it is not
exact: it ended the process too early.

Usage: ``python -m feedarchive.parsing.process CONNECTION PROGRESS``. The arguments are inherited file descriptors.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from collections.abc import Iterator
from multiprocessing.connection import Connection
from pathlib import Path

from feedarchive.parsing.convert_document import parse_in_parts
from feedarchive.parsing.protocol import (
    OUT_OF_MEMORY,
    PARSING,
    PROGRESS,
    Call,
    CallResult,
    Limits,
    Part,
    PartialResult,
    Request,
)

try:
    import resource
except ImportError:  # Windows cannot limit CPU time and memory: only the parent can end a process that hangs
    resource = None  # type: ignore[assignment]

# If a process has grown by more than this, it exits after the document, to return its memory to the system.
_MAX_GROWTH_BYTES = 96 * 2**20
# The positions of the virtual and the resident size in /proc/self/statm.
_VIRTUAL, _RESIDENT = 0, 1


def serve(connection: Connection, progress: int) -> None:
    """Parse one document after another until the parent closes the connection."""
    idle = _memory(_RESIDENT)
    limited = False
    while True:
        try:
            request, limits = connection.recv()
        except EOFError:
            return
        if not limited:
            _limit_memory(limits.memory)
            limited = True
        try:
            _parse(request, limits, connection, progress)
            process_ends = _memory(_RESIDENT) - idle > _MAX_GROWTH_BYTES
            connection.send(PartialResult((), done=True, process_ends=process_ends))
            if process_ends:
                return
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except OSError:
            return  # the parent has closed the connection
        except Exception as bug:  # noqa: BLE001 - the parent reports it with the feed's name
            connection.send(PartialResult((), done=True, bug=f"{bug!r:.300}"))


def _parse(request: Request, limits: Limits, connection: Connection, progress: int) -> None:
    """Parse a document and send it in parts, or call a function and send its result.

    When the CPU time of the document is used up, the remaining entries are left out.
    """
    start = last_sent = time.process_time()
    end = start + limits.document
    os.pwrite(progress, PROGRESS.pack(PARSING, 0.0), 0)
    _limit_cpu(limits.document)
    parts: list[Part] = []
    for number, part in enumerate(_parts(request)):
        parts.append(part)
        now = time.process_time()
        if now >= end:
            break
        # The first part (the document itself) is sent at once. Later parts are sent together after each interval.
        if number == 0 or now - last_sent >= limits.send_interval:
            connection.send(PartialResult(tuple(parts)))
            parts, last_sent = [], now
        os.pwrite(progress, PROGRESS.pack(number, now - start), 0)
        _limit_cpu(min(end - now, limits.entry))
    _limit_cpu(0)
    connection.send(PartialResult(tuple(parts)))


def _parts(request: Request) -> Iterator[Part]:
    if isinstance(request, Call):
        yield CallResult(request.function(request.argument))
    else:
        yield from parse_in_parts(request)


def _limit_cpu(seconds: float) -> None:
    """Let the system kill this process after ``seconds`` more seconds of CPU time. 0 removes the limit."""
    if resource:
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory(above_idle: int) -> None:
    if resource and sys.platform == "linux":
        limit, hard = _memory(_VIRTUAL) + above_idle, resource.getrlimit(resource.RLIMIT_AS)[1]
        if hard != resource.RLIM_INFINITY:  # a process cannot raise its hard limit
            limit = min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _memory(field: int) -> int:
    """Return the virtual or the resident memory of this process in bytes; 0 if the system does not report it."""
    if not resource or sys.platform != "linux":
        return 0
    return int(Path("/proc/self/statm").read_bytes().split()[field]) * resource.getpagesize()


def main(arguments: list[str]) -> None:
    """Parse documents. A process that is killed writes no core dump and no traceback."""
    connection, progress = int(arguments[0]), int(arguments[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent handles Ctrl-C and closes the connection
    if resource:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # This process inherits the parent's limit on CPU time, but may run for hours. So raise the limit as far as
        # possible.
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
        # SIGPROF must end this process, even if the parent ignores or blocks it.
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF})
    gc.freeze()  # the garbage collector need not search the imported modules, because they stay in memory
    with Connection(connection) as open_connection:
        serve(open_connection, progress)


if __name__ == "__main__":
    main(sys.argv[1:])
