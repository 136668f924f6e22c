"""Ctrl-C: confirm the first one at once and finish what is under way; end the process at the second."""

from __future__ import annotations

import os
import signal
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

INTERRUPTED = 130  # the exit status that shells use: 128 plus the number of SIGINT
_SHOW_CURSOR = b"\x1b[?25h"  # the progress bar hides it


@contextmanager
def interruptible(message: str) -> Iterator[None]:
    """Within this block the first Ctrl-C prints the message and raises KeyboardInterrupt; a second one ends the process
    without waiting, which is safe because the next run completes whatever is unfinished.
    """
    before = signal.getsignal(signal.SIGINT)
    if before is not signal.default_int_handler:  # ignored by nohup, or handled by a test
        yield
        return

    def first(_signal: int, _frame: FrameType | None) -> None:
        signal.signal(signal.SIGINT, second)
        # os.write, since the interrupted code may be in the middle of a print.
        os.write(sys.stderr.fileno(), f"\nfeedarchive: {message}; press Ctrl-C again to stop now\n".encode())
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
