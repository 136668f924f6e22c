"""Reads documents in processes that may die of them: a document ends as a reading or as a value that says why not."""

from __future__ import annotations

import atexit
import os
import queue
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from enum import Enum
from functools import cache
from multiprocessing import Pipe
from multiprocessing.connection import Connection

from feedarchive.document.model import NotAFeed
from feedarchive.parsing.model import LimitExceeded, ParsedDocument, ParsedEntry, ParseRequest, RejectedEntry
from feedarchive.parsing.protocol import NOT_BEGUN, OUT_OF_MEMORY, PARSING, PROGRESS, Limits, Part, PartialResult

_TRIES = 3
# With less than this part of a document's time left, what is left of the document is for the next poll.
_WORTH_GOING_ON = 0.1
_MAX_WAIT = 60.0  # seconds without a word: such a process does not even use the CPU
# Who sends these is not the document, nor a limit of ours: the machine is short of memory, or goes down.
_FROM_OUTSIDE = {-signal.SIGTERM, -getattr(signal, "SIGKILL", signal.SIGTERM)}
# What a reading process needs of the environment. No credentials are among it.
_KEPT = {"PATH", "LANG", "TZ"}
_KEPT_FAMILIES = ("PYTHON", "LD_", "DYLD_", "LC_")


class ParserFailed(Exception):
    """The program failed on a document: a bug, not the document's fault. The message is the exception's."""


@dataclass(frozen=True)
class _Died:
    """A process that did not survive: while converting which entry (None: before any), after how many CPU
    seconds, and why, for a person.
    """

    entry: int | None
    used: float
    why: str
    blamed: bool = True


class _End(Enum):
    """Why no more parts of a document come."""

    DONE = "all came"
    GONE = "the process was killed again and again"
    SILENT = "the process did not say a word for a minute"


class ParserPool:
    """A few processes, started when they are needed, each of which reads one document at a time."""

    def __init__(self, count: int | None = None, limits: Limits = Limits()) -> None:  # noqa: B008 - it is frozen
        self._limits = limits
        self._free: queue.LifoQueue[_Process | None] = queue.LifoQueue()
        for _ in range(count or cpu_count()):
            self._free.put(None)

    def read(self, request: ParseRequest) -> ParsedDocument | NotAFeed | LimitExceeded:
        """Read a document; waits while all processes are busy. Raises ReadingFailed for a bug of ours.

        An entry that takes too much is refused, and the rest read by another process, as long as the
        document's time lasts; what is left then is for the next poll.
        """
        with self._process() as process:
            return self._read_by(process, request, self._limits)

    def _read_by(
        self, process: _Process, request: ParseRequest, limits: Limits
    ) -> ParsedDocument | NotAFeed | LimitExceeded:
        parts, died = process.read(request, limits)
        first = parts[0] if parts else None
        if isinstance(first, NotAFeed):
            return first
        if not isinstance(first, ParsedDocument):
            return LimitExceeded(f"reading the document {died.why}" if died else "reading the document gave nothing")
        reading = first.with_more(part for part in parts if isinstance(part, ParsedEntry | RejectedEntry))
        if died and died.entry is not None:
            mark, called = first.to_convert[died.entry]
            # What somebody else may be to blame for is looked at again by the next poll.
            again = not died.blamed
            reading = reading.with_more([RejectedEntry(called, "too-hard", f"converting it {died.why}", mark, again)])
            if (left := limits.document - died.used) >= _WORTH_GOING_ON * limits.document:
                others = replace(request, known=request.known | _settled(reading))
                # Each entry at once from now on: where one killer is, there are often more.
                rest = self._read_by(process, others, replace(limits, document=left, hand_over=0))
                if isinstance(rest, ParsedDocument):
                    return reading.with_more([*rest.articles, *rest.refused[len(first.refused) :]])
        return reading.with_more(_out_of_time(reading))

    @contextmanager
    def _process(self) -> Iterator[_Process]:
        process = self._free.get() or _Process()
        try:
            yield process
        except BaseException:
            process.end()
            self._free.put(None)
            raise
        self._free.put(process)

    def close(self) -> None:
        """End the processes that are idle. They would end with this one anyway."""
        idle = [self._free.get() for _ in range(self._free.qsize())]
        for process in idle:
            if process:
                process.end()
            self._free.put(None)


def _settled(reading: ParsedDocument) -> set[str]:
    return {article.mark for article in reading.articles} | {refused.mark for refused in reading.refused}


def _out_of_time(reading: ParsedDocument) -> list[RejectedEntry]:
    """The entries that no time was left for. As a rule there are none."""
    settled, reason = _settled(reading), "the document takes more time than it may; the next poll goes on with it"
    missing = [(mark, called) for mark, called in reading.to_convert if mark not in settled]
    return [RejectedEntry(called, "too-slow", reason, mark, again=True) for mark, called in missing]


@cache
def shared_parser_pool() -> ParserPool:
    """The readers of this process: they outlive a run, since starting one takes longer than most documents."""
    readers = ParserPool()
    atexit.register(readers.close)
    return readers


class _Process:
    """A reading process, started again when the last one died."""

    def __init__(self) -> None:
        self._progress = tempfile.TemporaryFile()  # noqa: SIM115 - closed when this object goes
        self._running: tuple[subprocess.Popen[bytes], Connection] | None = None

    def read(self, request: ParseRequest, limits: Limits) -> tuple[list[Part], _Died | None]:
        """The parts that came, and how it ended if it did not survive. Raises ReadingFailed."""
        for left in reversed(range(_TRIES)):
            try:
                running = self._running or self._start()
            except OSError as error:  # no process more for this user, or no memory
                why = f"takes a process of its own, and there is none to be had ({error.strerror})"
                return [], _Died(None, 0.0, why)
            parts, end = self._exchange(running[1], request, limits)
            if end is _End.DONE:
                return parts, None
            status = self.end()
            number, used = PROGRESS.unpack(os.pread(self._progress.fileno(), PROGRESS.size, 0))
            killed = end is _End.GONE and status in _FROM_OUTSIDE
            if number == NOT_BEGUN or (killed and left):
                continue  # this document is not to blame
            if number == PARSING:
                return parts, _Died(None, limits.document, _why(status, limits.document, limits))
            blamed = end is _End.GONE and not killed
            why = _why(status, limits.entry, limits) if blamed else f"was interrupted, as {end.value}"
            return parts, _Died(number, used + limits.entry, why, blamed)
        raise ParserFailed(f"the process that reads documents does not start (status {status})")

    def _exchange(self, connection: Connection, request: ParseRequest, limits: Limits) -> tuple[list[Part], _End]:
        """The parts that came, and why no more do."""
        parts: list[Part] = []
        os.pwrite(self._progress.fileno(), PROGRESS.pack(NOT_BEGUN, 0.0), 0)
        try:
            connection.send((request, limits))
            while connection.poll(_MAX_WAIT):
                handed: PartialResult = connection.recv()
                parts += handed.parts
                if handed.bug:
                    raise ParserFailed(handed.bug)
                if handed.done:
                    if handed.leaves:
                        self.end()
                    return parts, _End.DONE
        except (EOFError, OSError):
            return parts, _End.GONE
        return parts, _End.SILENT

    def _start(self) -> tuple[subprocess.Popen[bytes], Connection]:
        ours, theirs = Pipe()
        descriptors = theirs.fileno(), self._progress.fileno()
        child = subprocess.Popen(  # noqa: S603 - this very program
            [sys.executable, "-m", "feedarchive.parsing.process", *map(str, descriptors)],
            pass_fds=descriptors,
            env=_environment(),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        theirs.close()
        self._running = child, ours
        return self._running

    def end(self) -> int:
        """End it if it runs; its exit status (0 if there was none)."""
        if not self._running:
            return 0
        child, connection = self._running
        self._running = None
        connection.close()
        child.kill()
        return child.wait()


def _why(status: int, seconds: float, limits: Limits) -> str:
    if status == OUT_OF_MEMORY:
        return f"takes more than {limits.memory // 2**20} MiB of memory"
    return f"takes more than {seconds:g} seconds of CPU time or {limits.memory // 2**20} MiB of memory"


def _environment() -> dict[str, str]:
    kept = {k: v for k, v in os.environ.items() if k in _KEPT or k.startswith(_KEPT_FAMILIES)}
    return {**kept, "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}


def cpu_count() -> int:
    """How many cores this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
