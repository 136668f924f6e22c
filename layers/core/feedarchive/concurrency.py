"""Run generators in threads and collect their results in one thread; if one fails, no result is lost."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Event
from typing import TypeVar

Result = TypeVar("Result")
Task = Callable[[], Iterator[Result]]


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
    """Run the tasks in ``workers`` threads and call ``on_result`` in this one, in the order in which results arrive.

    ``results`` is how many results all tasks yield together. After the first error, or KeyboardInterrupt, no task
    starts or continues. The error is raised after ``on_result`` got the current result of each running task.
    ``on_interrupt`` is called at KeyboardInterrupt, before that wait, which the system may end by killing the process.
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
                except RuntimeError:  # the system refuses more threads; those already started run this task too
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
