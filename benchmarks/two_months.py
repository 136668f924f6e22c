"""Simulate two months with twelve feeds: a poll every 15 minutes, and a build every hour.

    python -m benchmarks.two_months [DAYS]

The runs are real, and the archive is in a folder. The servers are on loopback, and the simulation moves the clock. It
prints:

- how many articles the feeds showed, and how many of them were archived, and how many twice
- how many edits the feeds showed, and how many of them were kept
- the warnings of each day, and what the mails said
- the differences to an archive that is made from the kept documents (``feedarchive replay``)
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
