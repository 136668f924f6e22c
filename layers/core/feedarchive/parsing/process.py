"""The process that reads documents: it may be killed at any moment, by the system or by its parent.

A timer of CPU time, whose signal nobody handles, is the only deadline that holds inside one call of C code or of a
regular expression. It counts from when it is set. RLIMIT_CPU counts from the start of the process, by ticks of the
clock: on a busy machine these were 2 s ahead of ``time.process_time()`` after a minute, and good entries were killed.
``python -m feedarchive.parsing.process CONNECTION PROGRESS``: two inherited file descriptors.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
import time
from multiprocessing.connection import Connection
from pathlib import Path

from feedarchive.parsing.convert_document import parse_in_parts
from feedarchive.parsing.model import ParseRequest
from feedarchive.parsing.protocol import OUT_OF_MEMORY, PARSING, PROGRESS, Limits, Part, PartialResult

try:
    import resource
except ImportError:  # Windows: there only the parent's wall clock ends a document
    resource = None  # type: ignore[assignment]

# A process that has grown by more than this (bytes) ends after its document, so that memory is given back.
_GROWN = 96 * 2**20
# Where /proc/self/statm has what.
_MAPPED, _HELD = 0, 1


def serve(connection: Connection, progress: int) -> None:
    """Read one document after another until the parent closes the connection."""
    idle = _memory(_HELD)
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
            _read(request, limits, connection, progress)
            leaves = _memory(_HELD) - idle > _GROWN
            connection.send(PartialResult((), done=True, leaves=leaves))
            if leaves:
                return
        except MemoryError:
            os._exit(OUT_OF_MEMORY)
        except OSError:
            return  # the parent is gone
        except Exception as bug:  # noqa: BLE001 - the parent reports it with the feed's name
            connection.send(PartialResult((), done=True, bug=f"{bug!r:.300}"))


def _read(request: ParseRequest, limits: Limits, connection: Connection, progress: int) -> None:
    """Hand over the parts of a reading. Stops early when the document's time is over."""
    start = handed = time.process_time()
    end = start + limits.document
    os.pwrite(progress, PROGRESS.pack(PARSING, 0.0), 0)
    _limit_cpu(limits.document)
    parts: list[Part] = []
    for number, part in enumerate(parse_in_parts(request)):
        parts.append(part)
        now = time.process_time()
        if now >= end:
            break
        if number == 0 or now - handed >= limits.hand_over:  # the clock stands still for milliseconds
            connection.send(PartialResult(tuple(parts)))
            parts, handed = [], now
        os.pwrite(progress, PROGRESS.pack(number, now - start), 0)
        _limit_cpu(min(end - now, limits.entry))
    _limit_cpu(0)
    connection.send(PartialResult(tuple(parts)))


def _limit_cpu(seconds: float) -> None:
    """The system kills this process when it has used so many CPU seconds more; 0 for no limit."""
    if resource:
        signal.setitimer(signal.ITIMER_PROF, seconds)


def _limit_memory(above_idle: int) -> None:
    if resource and sys.platform == "linux":
        limit, hard = _memory(_MAPPED) + above_idle, resource.getrlimit(resource.RLIMIT_AS)[1]
        if hard != resource.RLIM_INFINITY:  # somebody allows us less: nobody may raise that
            limit = min(limit, hard)
        resource.setrlimit(resource.RLIMIT_AS, (limit, hard))


def _memory(which: int) -> int:
    """Bytes of memory of this process, mapped or held; 0 where the system does not tell."""
    if not resource or sys.platform != "linux":
        return 0
    return int(Path("/proc/self/statm").read_bytes().split()[which]) * resource.getpagesize()


def main(arguments: list[str]) -> None:
    """Set up a process that can be killed without a trace."""
    connection, progress = int(arguments[0]), int(arguments[1])
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the parent, which closes the connection
    if resource:
        resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
        # A limit that was inherited is for what one command uses, and this process reads documents for hours.
        hard = resource.getrlimit(resource.RLIMIT_CPU)[1]
        resource.setrlimit(resource.RLIMIT_CPU, (hard, hard))
        # Whatever the parent's parent made of it: it ends this process.
        signal.signal(signal.SIGPROF, signal.SIG_DFL)
        signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGPROF})
    gc.freeze()  # what was imported stays: no collection need look at it
    with Connection(connection) as open_connection:
        serve(open_connection, progress)


if __name__ == "__main__":
    main(sys.argv[1:])
