"""Handle Ctrl-C and SIGTERM: the first signal lets running work finish, the second one ends the process at once."""

from __future__ import annotations

import os
import signal
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

# The exit statuses that shells use: 128 plus the number of the signal.
INTERRUPTED, TERMINATED = 130, 143
_SHOW_CURSOR = b"\x1b[?25h"  # the progress bar hides the cursor
_SIGNALS = (signal.SIGINT, signal.SIGTERM)


class Terminated(KeyboardInterrupt):
    """Raised at SIGTERM, so that SIGTERM ends a command as Ctrl-C does."""


def exit_status(interrupt: KeyboardInterrupt) -> int:
    """Returns the exit status of a command that ended by this interrupt: 130 after Ctrl-C, 143 after SIGTERM."""
    return TERMINATED if isinstance(interrupt, Terminated) else INTERRUPTED


@contextmanager
def terminable() -> Iterator[None]:
    """Within this block SIGTERM raises Terminated.

    Without a handler, the main process of a container ignores SIGTERM, because it has the process id 1.
    """
    if signal.getsignal(signal.SIGTERM) is not signal.SIG_DFL or not _is_main_thread():
        yield
        return
    signal.signal(signal.SIGTERM, _terminate)
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)


def _terminate(_signal: int, _frame: FrameType | None) -> None:
    raise Terminated


@contextmanager
def interruptible(message: str) -> Iterator[None]:
    """Within this block the first Ctrl-C or SIGTERM prints the message and raises KeyboardInterrupt.

    A second signal ends the process at once. This is safe, because the next run finishes what is incomplete.
    """
    # Any other handler was set on purpose, for example by nohup, so it is not replaced.
    own_handlers = (signal.default_int_handler, _terminate)
    before = {number: handler for number in _SIGNALS if (handler := signal.getsignal(number)) in own_handlers}

    def first(number: int, _frame: FrameType | None) -> None:
        for each in before:
            signal.signal(each, second)
        hint = "; press Ctrl-C again to stop now" if number == signal.SIGINT else ""
        # Use os.write, because the signal may have interrupted a print.
        os.write(sys.stderr.fileno(), f"\nfeedarchive: {message}{hint}\n".encode())
        raise KeyboardInterrupt if number == signal.SIGINT else Terminated

    def second(number: int, _frame: FrameType | None) -> None:
        if sys.stdout.isatty():
            os.write(sys.stdout.fileno(), _SHOW_CURSOR)
        os._exit(INTERRUPTED if number == signal.SIGINT else TERMINATED)

    for number in before:
        signal.signal(number, first)
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _is_main_thread() -> bool:
    return threading.current_thread() is threading.main_thread()
