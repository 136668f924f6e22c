"""The CPU time to start a function, and to build each line of a digest."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.corpus.large_archive import DAY, add_articles
from benchmarks.corpus.memory_store import MemoryStore
from feedarchive.builds.build_day import build_day

_PROJECT = Path(__file__).parents[2]


def cpu_seconds() -> float:
    """The CPU seconds of this process and its parser processes, whether they have ended or not."""
    ticks = 0
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            fields = stat.read_text().rpartition(")")[2].split()
        except OSError:  # the process has ended
            continue
        # Field 1 is the id of the parent. Fields 11 to 14 are the user time and system time of the process, and of its
        # children that have ended.
        if os.getpid() in (int(stat.parent.name), int(fields[1])):
            ticks += sum(map(int, fields[11:15]))
    return ticks / os.sysconf("SC_CLK_TCK")


def cpu_of_setup() -> float:
    """The seconds of CPU to import the function that polls, as Lambda does. It is the least of three measurements."""
    code = "import time; began = time.process_time(); import handler, settings; settings.store(); settings.sqs(); "
    path = os.pathsep.join([str(_PROJECT / "functions" / "fetch_feeds"), os.environ.get("PYTHONPATH", "")])
    command = [sys.executable, "-c", code + "print(time.process_time() - began)"]
    variables = {**os.environ, "PYTHONPATH": path}
    return min(
        float(subprocess.run(command, env=variables, capture_output=True, text=True, check=True).stdout.split()[-1])
        for _ in range(3)
    )


def cpu_per_line(feeds: int) -> float:
    """The CPU seconds that each existing article of a day adds to a build. ``feeds`` is the number of feeds.

    Builds of a day with 200 and with 1,200 articles are compared.
    """
    times = []
    for size in (200, 1_200):
        store = MemoryStore()
        add_articles(store, range(size), feeds)
        build_day(store, DAY, "UTC")
        add_articles(store, range(size, size + 1), feeds)
        began = time.process_time()
        build_day(store, DAY, "UTC")
        times.append(time.process_time() - began)
    return max(0.0, times[1] - times[0]) / 1_000
