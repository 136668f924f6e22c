"""Check that a function takes linear time. Only the ratio of two times counts, so a slow machine fails no test."""

from __future__ import annotations

import gc
import time
from collections.abc import Callable
from typing import TypeVar

_Argument = TypeVar("_Argument")
_GROWTH = 4
# Linear time takes 4 times as long for an input 4 times as large, quadratic time 16 times.
_MAX_RATIO = 10
_CALLS = 5
_MIN_SECONDS = 0.002  # shorter times are not measured precisely


def cpu_seconds(run: Callable[[], object]) -> float:
    """The CPU seconds of the fastest of five calls."""
    return min(_seconds(run) for _ in range(_CALLS))


def assert_linear_time(run: Callable[[_Argument], object], make: Callable[[int], _Argument], size: int) -> None:
    """Compare the times for an input and for an input that is four times as large.

    It is enough if one of six calls with the large input is fast.
    """
    small, large = make(size), make(size * _GROWTH)
    first = _seconds(lambda: run(large))
    if first < _MAX_RATIO * _MIN_SECONDS:
        return  # the limit below is at least this
    limit = _MAX_RATIO * max(cpu_seconds(lambda: run(small)), _MIN_SECONDS)
    assert first < limit or takes_less(lambda: run(large), limit)


def takes_less(run: Callable[[], object], limit: float) -> bool:
    """Return whether one of at most five calls takes less CPU time than ``limit`` seconds."""
    return any(_seconds(run) < limit for _ in range(_CALLS))


def _seconds(run: Callable[[], object]) -> float:
    """The CPU seconds of one call. The garbage collector is off, because its time depends on objects of other tests."""
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        start = time.process_time()
        run()
        return time.process_time() - start
    finally:
        if was_enabled:
            gc.enable()
