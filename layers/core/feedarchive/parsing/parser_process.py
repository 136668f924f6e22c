"""Control a parser process: start it, send it requests, and restart it after it has died."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from typing import BinaryIO

from feedarchive.parsing.protocol import (
    NOT_STARTED,
    OUT_OF_MEMORY,
    PARSING,
    PROGRESS,
    Limits,
    Part,
    PartialResult,
    Request,
)

_MAX_ATTEMPTS = 3
# A process that sends no message for this time is killed. A process that is only busy reaches its limit on CPU time
# earlier.
_MAX_SILENCE_SECONDS = 60.0
# The system ends a process with these signals when it shuts down or lacks memory. A process that exceeds a limit of
# this program ends in another way.
_EXTERNAL_SIGNALS = {-signal.SIGTERM, -getattr(signal, "SIGKILL", signal.SIGTERM)}
_OUT_OF_TIME = -getattr(signal, "SIGPROF", signal.SIGTERM)  # the signal at the limit on CPU time
# A parser process gets only these environment variables. None of them contains credentials.
_PASSED_VARIABLES = {"PATH", "LANG", "TZ"}
_PASSED_PREFIXES = ("PYTHON", "LD_", "DYLD_", "LC_")


class ParserFailed(Exception):
    """Parsing raised an exception, which is a bug of this program, or no parser process could be started."""


@dataclass(frozen=True)
class Killed:
    """How a parser process ended before its document was finished.

    - ``entry`` is the number of the entry that was being converted. It is None if the document as a whole exceeded its
      limits.
    - ``used`` is the number of CPU seconds spent on the document.
    - ``reason`` is a message for people.
    - ``caused_by_entry``: True if the entry exceeded a limit, False if the cause is unknown.
    """

    entry: int | None
    used: float
    reason: str
    caused_by_entry: bool = True


class _End(Enum):
    """Why no more parts of a document follow. The value completes the message "was interrupted because …"."""

    DONE = "it is finished"
    PROCESS_DIED = "the process was killed repeatedly"
    NO_RESPONSE = "the process did not respond for a minute"


class ParserProcess:
    """A parser process. After it has died, the next request starts it again."""

    def __init__(self) -> None:
        self._progress: BinaryIO | None = None
        self._running: tuple[subprocess.Popen[bytes], Connection] | None = None

    def parse(self, request: Request, limits: Limits) -> tuple[list[Part], Killed | None]:
        """Return the parts of the result, and a Killed if parts are missing. Raises ParserFailed."""
        for attempts_left in reversed(range(_MAX_ATTEMPTS)):
            try:
                running = self._running or self._start()
            except OSError as error:  # there are too many processes, or there is too little memory
                return [], Killed(None, 0.0, f"failed: cannot start a parser process ({error.strerror})")
            parts, end = self._exchange(running[1], request, limits)
            if end is _End.DONE:
                return parts, None
            status = self.end()
            number, used = PROGRESS.unpack(os.pread(self._progress_descriptor(), PROGRESS.size, 0))
            by_system = end is _End.PROCESS_DIED and status in _EXTERNAL_SIGNALS
            # Try again if the process did not begin with the document, or if the system ended it.
            if number == NOT_STARTED or (by_system and attempts_left):
                continue
            if number == PARSING:
                return parts, Killed(None, limits.document, _exceeded(status, limits.document, limits))
            # The entry had less time than ``limits.entry``, so the document exceeded its limit, and not the entry.
            if status == _OUT_OF_TIME and limits.document - used < limits.entry:
                return parts, Killed(None, limits.document, "exceeds its time limit")
            by_entry = end is _End.PROCESS_DIED and not by_system
            reason = _exceeded(status, limits.entry, limits) if by_entry else f"was interrupted because {end.value}"
            return parts, Killed(number, used + limits.entry, reason, by_entry)
        raise ParserFailed(f"the parser process does not start (status {status})")

    def _exchange(self, connection: Connection, request: Request, limits: Limits) -> tuple[list[Part], _End]:
        """Send a request, and receive all parts of the result."""
        parts: list[Part] = []
        os.pwrite(self._progress_descriptor(), PROGRESS.pack(NOT_STARTED, 0.0), 0)
        try:
            connection.send((request, limits))
            while connection.poll(_MAX_SILENCE_SECONDS):
                result: PartialResult = connection.recv()
                parts += result.parts
                if result.bug:
                    raise ParserFailed(result.bug)
                if result.done:
                    if result.process_ends:
                        self.end()
                    return parts, _End.DONE
        except (EOFError, OSError):
            return parts, _End.PROCESS_DIED
        return parts, _End.NO_RESPONSE

    def _start(self) -> tuple[subprocess.Popen[bytes], Connection]:
        own_end, child_end = Pipe()
        child = start_process((child_end.fileno(), self._progress_descriptor()), _environment())
        child_end.close()
        self._running = child, own_end
        return self._running

    def _progress_descriptor(self) -> int:
        if self._progress is None:
            self._progress = _progress_file()
        return self._progress.fileno()

    def end(self) -> int:
        """End the process. Returns its exit status; 0 if it was not running."""
        if not self._running:
            return 0
        child, connection = self._running
        self._running = None
        connection.close()
        child.kill()
        return child.wait()


def start_process(descriptors: tuple[int, int], env: Mapping[str, str]) -> subprocess.Popen[bytes]:
    """Start a parser process. It inherits the file descriptors of its connection and of its progress file."""
    return subprocess.Popen(  # noqa: S603 - runs this program itself
        [sys.executable, "-m", "feedarchive.parsing.process", *map(str, descriptors)],
        pass_fds=descriptors,
        env=env,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )


def _progress_file() -> BinaryIO:
    """Open the file in which the process notes its progress. Raises OSError.

    It is a file in memory if possible, because the folder for temporary files may be full or read-only.
    """
    try:
        return os.fdopen(os.memfd_create("progress"), "w+b")  # type: ignore[attr-defined,unused-ignore]
    except (AttributeError, OSError):  # only Linux has files in memory, and a sandbox may forbid them
        return tempfile.TemporaryFile()


def _exceeded(status: int, seconds: float, limits: Limits) -> str:
    if status == OUT_OF_MEMORY:
        return f"takes more than {limits.memory // 2**20} MiB of memory"
    return f"takes more than {seconds:g} seconds of CPU time or {limits.memory // 2**20} MiB of memory"


def _environment() -> dict[str, str]:
    passed = {k: v for k, v in os.environ.items() if k in _PASSED_VARIABLES or k.startswith(_PASSED_PREFIXES)}
    return {**passed, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
