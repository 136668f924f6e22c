"""Processes for tests that start many: forks of one process, without threads, that has imported the program."""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext

_HARNESS = [f"tests.harness.{module}" for module in ("completing", "feed_archiver", "media")]
_PRELOADED = ["pytest", "feedarchive.multiprocess", "feedarchive.store.folder", *_HARNESS]


def imported_once() -> ForkServerContext:
    """Its processes start in milliseconds; a process that imports everything itself needs half a second."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context
