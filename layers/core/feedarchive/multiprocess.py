"""A run on all cores of one machine: each process polls some of the shards, as each Lambda does on AWS.

One Python process uses one core. What two processes may do at the same time, two Lambdas may: a shard is one process's.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from functools import partial
from multiprocessing.connection import Connection, wait
from multiprocessing.process import BaseProcess
from typing import NoReturn

from feedarchive.feeds.feed import Feed
from feedarchive.parsing.pool import ParserPool
from feedarchive.polling.shards import Shard
from feedarchive.report import FeedReport, RunKilled, RunReport
from feedarchive.run import Run
from feedarchive.store.interface import StoreError

_PR_SET_PDEATHSIG = 1  # prctl(2): the signal a process gets when its parent is gone
_Shards = Mapping[Shard, Sequence[Feed]]


@dataclass(frozen=True)
class _Part:
    process: BaseProcess
    hears: Connection


def begin(run: Run, shards: _Shards, processes: int) -> Callable[[], RunReport]:
    """Begin a run of these shards; what is returned waits for its end, and raises what ``Run.of`` does, or RunKilled.

    Call this before there is any thread: a fork has none of them, but all that they held locked. A store over S3 has
    connections, which two processes must not share: there, and where there is one shard, the run is this process's.
    """
    count = min(processes, len(shards)) if sys.platform.startswith("linux") else 1
    if count <= 1:
        return partial(run.of, shards)
    gc.freeze()  # what is in memory stays: collections that looked at it would write to all of it, and share none
    part = replace(run, workers=max(1, run.workers // count))
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT})  # until each part does with it what it should
    parts: list[_Part] = []
    try:
        for some in _dealt(shards, count):
            parts.append(_begin_part(part, some))
    except OSError:  # no process more for this user: those that there are would only be in the way
        _stop(parts)
        return partial(run.of, shards)
    finally:
        signal.pthread_sigmask(signal.SIG_SETMASK, mask)
    return partial(_end, run, parts)


def _dealt(shards: _Shards, count: int) -> list[_Shards]:
    """The shards in so many parts of about as many feeds."""
    parts: list[dict[Shard, Sequence[Feed]]] = [{} for _ in range(count)]
    for shard in sorted(shards, key=lambda shard: len(shards[shard]), reverse=True):
        smallest = min(parts, key=lambda part: sum(map(len, part.values())))
        smallest[shard] = shards[shard]
    return list(parts)


def _begin_part(part: Run, shards: _Shards) -> _Part:
    hears, tells = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=_do_part, args=(part, shards, tells, hears), daemon=True
    )
    process.start()
    tells.close()
    return _Part(process, hears)


def _do_part(part: Run, shards: _Shards, tells: Connection, hears: Connection) -> None:
    """Tell of every feed as it is done, then of the whole part, without its feeds, or what went wrong."""
    # Ctrl-C is sent to all processes of a terminal: the parent passes it on, so that it comes once.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, _interrupt)
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    hears.close()  # else nobody would tell that the parent is gone: this end would wait for itself
    # Whatever ends the parent ends the run: else its parts would go on unseen, beside the next run.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    readers = ParserPool(1)  # the other cores have a part of their own
    tell = partial(_tell, tells)
    try:
        report = replace(part, each=tell, not_due=tell, readers=readers).of(shards)
        tell(replace(report, reports=()))
    except KeyboardInterrupt:
        pass  # the parent says that this is the end
    except StoreError as error:
        tell(error)
    except Exception:  # noqa: BLE001 - a bug, raised by the parent
        tell(RuntimeError(traceback.format_exc()))
    finally:
        readers.close()


def _tell(tells: Connection, what: object) -> None:
    with suppress(BrokenPipeError):  # nobody hears any more: then this part is told to end, and finishes what it began
        tells.send(what)


def _interrupt(*_: object) -> NoReturn:
    signal.signal(signal.SIGTERM, _leave)
    raise KeyboardInterrupt


def _leave(*_: object) -> NoReturn:
    """Asked a second time, or alone in the world, it waits for nothing: what is half done, the next run finishes."""
    os._exit(1)


def _end(run: Run, parts: Sequence[_Part]) -> RunReport:
    """Gather what the parts tell. An error of one ends that one: what the others do is good."""
    reports: list[FeedReport] = []
    ends: dict[Connection, RunReport | Exception] = {}
    hearing = {part.hears: part for part in parts}
    try:
        while hearing:
            for connection in wait(list(hearing)):
                assert isinstance(connection, Connection)
                try:
                    said = connection.recv()
                except (EOFError, OSError):  # OSError: it was killed in the middle of a message
                    ended = hearing.pop(connection)
                    ended.process.join()
                    ends.setdefault(connection, _killed(ended.process.exitcode))
                    continue
                if isinstance(said, FeedReport):
                    reports.append(said)
                    run.each(said)
                elif isinstance(said, int):
                    run.not_due(said)
                else:
                    ends[connection] = said
    finally:
        _stop(list(hearing.values()))
    for end in ends.values():
        if isinstance(end, Exception):
            raise end
    whole = RunReport.merge([end for end in ends.values() if isinstance(end, RunReport)])
    return replace(whole, reports=tuple(reports))


def _stop(parts: Sequence[_Part]) -> None:
    """Tell them to end, and wait until they have finished what they began."""
    for part in parts:
        part.process.terminate()
        part.hears.close()  # else it might wait for somebody to hear it
    for part in parts:
        part.process.join()


def _killed(status: int | None) -> RunKilled:
    how = f"was killed (status {status}), perhaps for want of memory" if status else "was told to end"
    return RunKilled(f"a part of this run {how}; what it had finished is archived, and the next run goes on from there")
