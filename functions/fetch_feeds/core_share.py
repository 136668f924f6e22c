"""Measure which part of a core Lambda gives this function. `make smoke` asks for it."""

from __future__ import annotations

import time

_SECONDS = 1.0


def core_share() -> dict[str, float]:
    """Compute for a second, and compare CPU time with the clock on the wall."""
    began, cpu = time.perf_counter(), time.process_time()
    while (passed := time.perf_counter() - began) < _SECONDS:
        pass
    return {"cores": round((time.process_time() - cpu) / passed, 3)}
