"""Live with twelve feeds for two simulated months: a poll each 15 minutes and a build each hour.

    python -m benchmarks.two_months [DAYS]

Real runs over a folder, against servers on loopback, with a clock that the simulation moves. Prints articles shown,
archived and doubled, edits shown and kept, warnings a day, what the mails said, and how the archive differs from one
that is replayed from the kept documents.
"""

from __future__ import annotations

import logging
import sys
import tempfile
import time
from contextlib import ExitStack
from pathlib import Path

from tests.harness.clock import Clock
from tests.harness.long_simulation import live
from tests.harness.simulation import Simulation

if __name__ == "__main__":
    logging.disable(logging.WARNING)
    started = time.monotonic()
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        simulation = Simulation(Path(folder) / "archive", Clock(), stack)
        for line in live(simulation, float(sys.argv[1]) if len(sys.argv) > 1 else 62).lines():
            print(line)
    print(f"{time.monotonic() - started:.0f} s")
