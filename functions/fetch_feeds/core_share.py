"""Measure how much of a CPU core Lambda gives this function. `make smoke` runs the measurement."""

from __future__ import annotations

import time

_SECONDS = 1.0


def core_share() -> dict[str, float]:
    """Compute for one second. Return the CPU time divided by the elapsed time, as ``cores``."""
    began, cpu = time.perf_counter(), time.process_time()
    while (passed := time.perf_counter() - began) < _SECONDS:
        pass
    return {"cores": round((time.process_time() - cpu) / passed, 3)}
