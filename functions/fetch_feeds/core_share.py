"""Measure how much of a CPU core Lambda gives this function. `make smoke` runs the measurement."""

from __future__ import annotations

import time

_SECONDS = 1.0


def core_share() -> dict[str, float]:
    """Keep the CPU busy for a second. Return the number of cores that were used: CPU time divided by elapsed time."""
    began, cpu = time.perf_counter(), time.process_time()
    while (passed := time.perf_counter() - began) < _SECONDS:
        pass
    return {"cores": round((time.process_time() - cpu) / passed, 3)}
