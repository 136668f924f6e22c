"""Work in threads, whose results one thread takes: nothing that was finished is lost when something fails."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from queue import SimpleQueue
from threading import Event
from typing import TypeVar

Result = TypeVar("Result")
Work = Callable[[], Iterator[Result]]


@dataclass(frozen=True)
class _Failed:
    error: BaseException


def run_concurrently(works: Sequence[Work[Result]], results: int, workers: int, take: Callable[[Result], None]) -> None:
    """Take what each work yields, in the order it is done, from so many threads; ``results`` is how many come in all.

    The first error of any, and an interruption, is raised when all that was begun is done and taken. Nothing else is
    begun then.
    """
    answers: SimpleQueue[Result | _Failed] = SimpleQueue()
    stop = Event()

    def do(work: Work[Result]) -> None:
        try:
            for result in work():
                answers.put(result)
                if stop.is_set():
                    return
        except BaseException as error:  # noqa: BLE001 - raised by the thread that takes
            answers.put(_Failed(error))

    with ThreadPoolExecutor(workers) as pool:
        try:
            for number, work in enumerate(works):
                try:
                    pool.submit(do, work)
                except RuntimeError:  # no thread more for this user; those that there are do it all the same
                    if number == 0:
                        raise
            for _ in range(results):
                answer = answers.get()
                if isinstance(answer, _Failed):
                    raise answer.error
                take(answer)
        finally:
            stop.set()
            pool.shutdown(cancel_futures=True)
            while not answers.empty():
                if not isinstance(answer := answers.get(), _Failed):
                    take(answer)
