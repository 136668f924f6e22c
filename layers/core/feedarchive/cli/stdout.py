"""Buffer stdout, so that a closed pipe, as in ``feedarchive … | head``, does not stop a command halfway."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout


class OutputLost(Exception):
    """The output could not be written. ``reader_left``: whether the reason is that the reader closed the pipe."""

    def __init__(self, reason: str, *, reader_left: bool) -> None:
        super().__init__(f"cannot write to stdout: {reason}; the command itself has finished")
        self.reader_left = reader_left


@contextmanager
def buffered_stdout() -> Iterator[None]:
    """Collect the output of the block, and write it to stdout when the block ends, also after an exception.

    On a terminal, the output is not collected and appears immediately.

    Raises OutputLost if the output cannot be written.
    """
    if sys.stdout.isatty():
        yield
        return
    buffer = io.StringIO()
    try:
        with redirect_stdout(buffer):
            yield
    finally:
        _write(buffer.getvalue())


def _write(text: str) -> None:
    if not text:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        reason = error.strerror or str(error)
        raise OutputLost(reason, reader_left=isinstance(error, BrokenPipeError)) from None
