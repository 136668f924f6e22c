"""Start many processes quickly: each is a fork of a process that has already imported the program."""

from __future__ import annotations

import multiprocessing
from multiprocessing.context import ForkServerContext

_HARNESS = [f"tests.harness.{module}" for module in ("completing", "feed_archiver", "media")]
_PRELOADED = ["pytest", "feedarchive.multiprocess", "feedarchive.store.folder", *_HARNESS]


def imported_once() -> ForkServerContext:
    """Return a context that starts processes in milliseconds, instead of the half a second that all imports take."""
    context = multiprocessing.get_context("forkserver")
    context.set_forkserver_preload(_PRELOADED)
    return context
