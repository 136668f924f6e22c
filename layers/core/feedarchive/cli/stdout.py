"""What a command says on stdout, outside a terminal: all of it at its end, so that no reader can stop the work."""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from contextlib import contextmanager, redirect_stdout


class OutputLost(Exception):
    """What a command had to say could not be written. ``unwanted``: whoever read it has left."""

    def __init__(self, reason: str, *, unwanted: bool) -> None:
        super().__init__(f"cannot write to stdout: {reason}; what was to be done is done")
        self.unwanted = unwanted


@contextmanager
def said_at_the_end() -> Iterator[None]:
    """Hold back what is printed until the block is left, however it is. Raises OutputLost."""
    if sys.stdout.isatty():
        yield
        return
    said = io.StringIO()
    try:
        with redirect_stdout(said):
            yield
    finally:
        _write(said.getvalue())


def _write(text: str) -> None:
    if not text:
        return
    try:
        sys.stdout.write(text)
        sys.stdout.flush()
    except OSError as error:
        raise OutputLost(error.strerror or str(error), unwanted=isinstance(error, BrokenPipeError)) from None
