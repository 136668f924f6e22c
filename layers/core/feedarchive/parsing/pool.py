"""A pool of parser processes. If a document makes its process crash or hang, the result says so."""

from __future__ import annotations

import atexit
import queue
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from functools import cache
from typing import TypeVar, cast

from feedarchive.concurrency import cpu_count
from feedarchive.document.model import NotAFeed
from feedarchive.parsing.model import Candidate, LimitExceeded, ParsedDocument, ParseRequest, RejectedEntry
from feedarchive.parsing.parser_process import ParserFailed, ParserProcess
from feedarchive.parsing.protocol import Call, CallResult, Limits
from feedarchive.problems import EntryRejection

__all__ = ["ParserFailed", "ParserPool", "shared_parser_pool"]

# After an entry has exceeded a limit, the remaining entries are converted only if at least this share of the CPU time
# for the document is left. Otherwise they wait for the next poll.
_MIN_SHARE_LEFT = 0.1

A = TypeVar("A")
R = TypeVar("R")


class ParserPool:
    """``count`` parser processes (by default one per core), started on demand. Each parses one document at a time."""

    def __init__(self, count: int | None = None, limits: Limits = Limits()) -> None:  # noqa: B008 - Limits is immutable
        self._limits = limits
        self._idle: queue.LifoQueue[ParserProcess | None] = queue.LifoQueue()
        for _ in range(count or cpu_count()):
            self._idle.put(None)

    def parse(self, request: ParseRequest) -> ParsedDocument | NotAFeed | LimitExceeded:
        """Parse and convert a document. Waits while all processes are busy.

        If an entry exceeds a limit, it is rejected, and a new process converts the remaining entries. If the document's
        time is used up, the entries without a result wait for the next poll. Raises ParserFailed for a bug.
        """
        with self._process() as process:
            return self._parse_with(process, request, self._limits)

    def _parse_with(
        self, process: ParserProcess, request: ParseRequest, limits: Limits
    ) -> ParsedDocument | NotAFeed | LimitExceeded:
        parts, killed = process.parse(request, limits)
        first = parts[0] if parts else None
        if isinstance(first, NotAFeed):
            return first
        if not isinstance(first, ParsedDocument):
            return LimitExceeded(f"parsing the document {killed.reason if killed else 'returned nothing'}")
        document = first.with_more(part for part in parts if isinstance(part, Candidate | RejectedEntry))
        if killed and killed.entry is not None:
            entry = first.to_convert[killed.entry]
            reason, retry = f"converting it {killed.reason}", not killed.caused_by_entry
            rejected = RejectedEntry(entry.label, EntryRejection.TOO_HARD, reason, entry.entry_hash, retry)
            document = document.with_more([rejected])
            if (left := limits.document - killed.used) >= _MIN_SHARE_LEFT * limits.document:
                others = replace(request, known=request.known | _finished(document))
                # Send each result immediately: results that are not sent are lost if a second entry exceeds a limit.
                rest = self._parse_with(process, others, replace(limits, document=left, send_interval=0))
                if isinstance(rest, ParsedDocument):
                    return document.with_more([*rest.candidates, *rest.rejected[len(first.rejected) :]])
        return document.with_more(_reject_unfinished(document))

    def call(self, function: Callable[[A], R], argument: A) -> R | LimitExceeded:
        """Call a module-level function in a parser process. Returns LimitExceeded if the call exceeds a limit.

        The function, its argument and its result are pickled. Raises ParserFailed if the function raises an exception.
        """
        with self._process() as process:
            parts, killed = process.parse(Call(function, argument), self._limits)
        result = parts[0] if parts else None
        if isinstance(result, CallResult):
            return cast(R, result.value)
        return LimitExceeded(killed.reason if killed else "returned nothing")

    @contextmanager
    def _process(self) -> Iterator[ParserProcess]:
        process = self._idle.get() or ParserProcess()
        try:
            yield process
        except BaseException:
            process.end()
            self._idle.put(None)
            raise
        self._idle.put(process)

    def close(self) -> None:
        """End the idle processes."""
        idle = [self._idle.get() for _ in range(self._idle.qsize())]
        for process in idle:
            if process:
                process.end()
            self._idle.put(None)


def _finished(document: ParsedDocument) -> set[str]:
    return {each.entry_hash for each in document.candidates} | {each.entry_hash for each in document.rejected}


def _reject_unfinished(document: ParsedDocument) -> list[RejectedEntry]:
    finished, reason = _finished(document), "the document takes too much time; the next poll converts this entry"
    return [
        RejectedEntry(entry.label, EntryRejection.TOO_SLOW, reason, entry.entry_hash, retry=True)
        for entry in document.to_convert
        if entry.entry_hash not in finished
    ]


@cache
def shared_parser_pool() -> ParserPool:
    """Return the pool that all runs in this process share, because starting a parser process takes long."""
    pool = ParserPool()
    atexit.register(pool.close)
    return pool
