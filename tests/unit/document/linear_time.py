"""Check that a function takes linear time, as a ratio, so that a busy or slow machine does not fail the test."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TypeVar

_Argument = TypeVar("_Argument")
_GROWTH = 4
# Linear time takes 4 times as long for an input 4 times as large, quadratic time 16 times.
_MAX_RATIO = 10
_MIN_SECONDS = 0.002  # shorter times are not measured precisely


def cpu_seconds(run: Callable[[], object]) -> float:
    """The CPU seconds of the fastest of three calls."""
    durations = []
    for _ in range(3):
        start = time.process_time()
        run()
        durations.append(time.process_time() - start)
    return min(durations)


def assert_linear_time(run: Callable[[_Argument], object], make: Callable[[int], _Argument], size: int) -> None:
    """Compare the time for an input of a size with that for one four times as large."""
    small, large = make(size), make(size * _GROWTH)
    seconds = max(cpu_seconds(lambda: run(small)), _MIN_SECONDS)
    assert cpu_seconds(lambda: run(large)) < _MAX_RATIO * seconds
