"""A run on all cores of one machine: each worker process polls some of the shards (groups of feeds).

One Python process uses one core. The processes need no locks between them, because each shard belongs to one process.
"""

from __future__ import annotations

import ctypes
import gc
import multiprocessing
import os
import signal
import sys
import traceback
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
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

_PR_SET_PDEATHSIG = 1  # option of prctl(2): send this process a signal when its parent ends
_Shards = Mapping[Shard, Sequence[Feed]]


@dataclass(frozen=True)
class _Worker:
    process: BaseProcess
    messages: Connection


@contextmanager
def start_run(run: Run, shards: _Shards, processes: int) -> Iterator[Callable[[], RunReport]]:
    """Run these shards in several processes. Yields a function that waits for the report of the run.

    The function raises RunKilled if a worker was killed, and the errors of ``Run.run_shards``. At the end of the block,
    workers that still run are stopped.

    - Call this before the process starts threads: a forked process cannot release the locks of other threads.
    - ``processes`` must be 1 for a store on S3, because processes cannot share its connections.
    - With one process or one shard, or on a system other than Linux, the function runs the shards in this process.
    """
    count = min(processes, len(shards)) if sys.platform.startswith("linux") else 1
    if count <= 1:
        yield partial(run.run_shards, shards)
        return
    # The workers share this process's memory until it changes. Keep garbage collection from changing it.
    gc.freeze()
    part = replace(run, workers=max(1, run.workers // count))
    workers: list[_Worker] = []
    # Block signals until each worker has installed its own signal handlers.
    mask = signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGINT, signal.SIGTERM})
    try:
        try:
            for some in _split(shards, count):
                workers.append(_start_worker(part, some))
        except OSError:  # the system allows no more processes: run in this process
            _stop(workers)
            workers.clear()
        finally:
            signal.pthread_sigmask(signal.SIG_SETMASK, mask)
        yield partial(_wait_for_workers, run, workers) if workers else partial(run.run_shards, shards)
    finally:
        _stop(workers)


def _split(shards: _Shards, count: int) -> list[_Shards]:
    """Split the shards into ``count`` groups with about the same number of feeds."""
    parts: list[dict[Shard, Sequence[Feed]]] = [{} for _ in range(count)]
    for shard in sorted(shards, key=lambda shard: len(shards[shard]), reverse=True):
        smallest = min(parts, key=lambda part: sum(map(len, part.values())))
        smallest[shard] = shards[shard]
    return list(parts)


def _start_worker(part: Run, shards: _Shards) -> _Worker:
    receiver, sender = multiprocessing.Pipe(duplex=False)
    process = multiprocessing.get_context("fork").Process(
        target=_run_worker, args=(part, shards, sender, receiver), daemon=True
    )
    process.start()
    sender.close()
    return _Worker(process, receiver)


def _run_worker(part: Run, shards: _Shards, sender: Connection, receiver: Connection) -> None:
    """Poll the shards in a worker process.

    Sends these messages to the parent:
    - the report of each feed, as soon as the feed is done;
    - the number of feeds that are not due;
    - at the end, the report of all these shards (without the reports of feeds), or the error that stopped the worker.
    """
    # Ctrl-C reaches every process. The workers ignore it: their parent terminates them.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, partial(_on_terminate, os.getppid()))
    signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGINT, signal.SIGTERM})
    # If the parent dies, sending fails only if this process has closed its own copy of the receiver.
    receiver.close()
    # Tell Linux to terminate this worker when the parent ends. Otherwise it could still poll feeds during the next run.
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
    parsers = ParserPool(1)  # one is enough: each core has a worker
    send = partial(_send, sender)
    try:
        report = replace(part, on_feed_done=send, on_feeds_not_due=send, parsers=parsers).run_shards(shards)
        send(replace(report, reports=()))
    except KeyboardInterrupt:
        pass  # the parent reports the interruption
    except StoreError as error:
        send(error)
    except Exception:  # noqa: BLE001 - a bug; the parent raises it
        send(RuntimeError(traceback.format_exc()))
    finally:
        parsers.close()


def _send(sender: Connection, message: object) -> None:
    # The parent closes the pipe when it stops this worker. The worker may still send the reports of its last feeds.
    with suppress(BrokenPipeError):
        sender.send(message)


def _on_terminate(parent: int, *_: object) -> NoReturn:
    """Stop after the feeds that are being polled. At a second signal, stop at once if the parent has ended."""

    def on_second_signal(*_: object) -> None:
        # While the parent lives, a second signal is normal: systemd and the parent each send one.
        if os.getppid() != parent:
            os._exit(1)

    signal.signal(signal.SIGTERM, on_second_signal)
    raise KeyboardInterrupt


def _wait_for_workers(run: Run, workers: Sequence[_Worker]) -> RunReport:
    """Collect the messages of all workers. If a worker fails, the others finish first; then its error is raised."""
    reports: list[FeedReport] = []
    results: dict[Connection, RunReport | Exception] = {}
    running = {worker.messages: worker for worker in workers}
    while running:
        for connection in wait(list(running)):
            assert isinstance(connection, Connection)
            try:
                message = connection.recv()
            except (EOFError, OSError):  # EOFError: the worker has ended; OSError: it was killed while sending
                ended = running.pop(connection)
                ended.process.join()
                results.setdefault(connection, _killed(ended.process.exitcode))
                continue
            if isinstance(message, FeedReport):
                reports.append(message)
                run.on_feed_done(message)
            elif isinstance(message, int):
                run.on_feeds_not_due(message)
            else:
                results[connection] = message
    for result in results.values():
        if isinstance(result, Exception):
            raise result
    merged = RunReport.merge([result for result in results.values() if isinstance(result, RunReport)])
    return replace(merged, reports=tuple(reports))


def _stop(workers: Sequence[_Worker]) -> None:
    """Terminate the workers that still run, and wait until they have finished the feeds they are polling."""
    for worker in workers:
        worker.process.terminate()
        worker.messages.close()  # a full pipe would keep the worker waiting
    for worker in workers:
        worker.process.join()


def _killed(status: int | None) -> RunKilled:
    how = f"was killed (status {status}); memory may be short" if status else "was terminated"
    return RunKilled(f"a worker process {how}; what is archived stays archived, and the next run continues from there")
