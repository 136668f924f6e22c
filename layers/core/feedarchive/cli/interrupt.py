"""Ctrl-C: said at once that it was heard, and how to wait no longer."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130  # as shells have it: 128 and the signal's number
_SHOW_CURSOR = b"\x1b[?25h"  # a progress bar hides it


@contextmanager
def interruptible(waits_for: str) -> Iterator[None]:
    """In this block a first Ctrl-C raises KeyboardInterrupt and tells what is still waited for; a second one ends the
    process at once. That may be: whatever is half done, the next run finishes.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # somebody wants it otherwise: nohup, a test
        yield
        return

    def first(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, second)
        # Not by print: what was interrupted may be printing.
        os.write(sys.stderr.fileno(), f"\nfeedarchive: {waits_for}; Ctrl-C again does not wait\n".encode())
        raise KeyboardInterrupt

    def second(_signal: int, _frame: FrameType | None) -> None:
        if sys.stdout.isatty():
            os.write(sys.stdout.fileno(), _SHOW_CURSOR)
        os._exit(INTERRUPTED)

    signal.signal(signal.SIGINT, first)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
