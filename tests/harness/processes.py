"""Processes for tests that start many: forks of one process, without threads, that has imported the program."""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext


def imported_once() -> ForkServerContext:
    """Its processes start in milliseconds; a process that imports everything itself needs half a second."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(["pytest", "feedarchive.multiprocess", "tests.harness.feed_archiver"])
    return context
