"""Call functions in threads, and find out how many cores there are."""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from itertools import islice
from queue import SimpleQueue
from threading import Event
from typing import TypeVar

Result = TypeVar("Result")
Task = Callable[[], Iterator[Result]]
_Item = TypeVar("_Item")


def cpu_count() -> int:
    """The number of cores that this process may use."""
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def in_parallel(function: Callable[[_Item], Result], items: Iterable[_Item], threads: int) -> Iterator[Result]:
    """Call a function for every item, in ``threads`` threads. The results come in the order of the items.

    Only a few items and results are in memory at the same time. After an error no further call is started.
    """
    if threads == 1:
        yield from map(function, items)
        return
    remaining = iter(items)
    with ThreadPoolExecutor(threads) as pool:
        waiting: deque[Future[Result]] = deque()
        try:
            waiting.extend(pool.submit(function, item) for item in islice(remaining, threads * 4))
            while waiting:
                yield waiting.popleft().result()
                waiting.extend(pool.submit(function, item) for item in islice(remaining, 1))
        finally:
            pool.shutdown(cancel_futures=True)


@dataclass(frozen=True)
class _Failure:
    error: BaseException


def run_concurrently(
    tasks: Sequence[Task[Result]],
    results: int,
    workers: int,
    on_result: Callable[[Result], None],
    on_interrupt: Callable[[], None] = lambda: None,
) -> None:
    """Run tasks in ``workers`` threads. Each task returns a generator of results.

    - ``results``: the total number of results of all tasks.
    - ``on_result``: called with each result in the calling thread, in the order in which results arrive.
    - ``on_interrupt``: called after Ctrl-C, before the wait for the running tasks. It should save what matters, because
      the system may kill the process during this wait.

    After an error or Ctrl-C, no further task is started, and each running task stops after its current result.
    ``on_result`` gets these results too. Then the error is raised.
    """
    queue: SimpleQueue[Result | _Failure] = SimpleQueue()
    stop = Event()

    def run(task: Task[Result]) -> None:
        try:
            for result in task():
                queue.put(result)
                if stop.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - raised by the collecting thread
            queue.put(_Failure(error))

    with ThreadPoolExecutor(workers) as pool:
        try:
            for number, task in enumerate(tasks):
                try:
                    pool.submit(run, task)
                except RuntimeError:  # the system allows no more threads; the running threads do this task too
                    if number == 0:
                        raise
            for _ in range(results):
                result = queue.get()
                if isinstance(result, _Failure):
                    raise result.error
                on_result(result)
        except KeyboardInterrupt:
            stop.set()
            on_interrupt()
            raise
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)
            while not queue.empty():
                if not isinstance(result := queue.get(), _Failure):
                    on_result(result)
