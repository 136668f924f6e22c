"""Run a command on a pseudo-terminal: press keys and read the screen."""

from __future__ import annotations

import os
import pty
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

from tests.cli import forked_command
from tests.cli.fork_server import Forked

MAX_SECONDS = 180.0  # a test that waits longer fails: no command takes so long, even on a busy machine


class Terminal:
    """A command that runs on a pseudo-terminal. ``screen`` is the output that was read so far."""

    def __init__(self, process: Forked, keyboard: int) -> None:
        self._process, self._keyboard, self.screen = process, keyboard, b""

    def press(self, key: bytes) -> None:
        os.write(self._keyboard, key)

    def wait_for(self, text: bytes) -> None:
        """Read until the screen has this text."""
        while text not in self.screen:
            self.screen += os.read(self._keyboard, 65536)

    def status(self) -> int:
        """Wait until all processes have closed the terminal. Return the exit status of the command."""
        try:
            while chunk := os.read(self._keyboard, 65536):
                self.screen += chunk
        except OSError:  # Linux raises this when all processes have closed the terminal
            pass
        return self._process.wait(MAX_SECONDS)


@contextmanager
def terminal(command: Sequence[str], folder: Path, columns: int = 160, own_parsers: bool = False) -> Iterator[Terminal]:
    """Run a command in a folder on a terminal with this number of columns.

    ``own_parsers``: the command starts its own parser processes, so that Ctrl-C reaches them, too.
    """
    keyboard, screen = pty.openpty()
    termios.tcsetwinsize(screen, (50, columns))
    # Without these variables, which a test runner may have set, the size of the terminal counts.
    env = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")} | {"TERM": "xterm-256color"}

    process = forked_command.start_on_terminal(command, folder, env, screen, own_parsers)
    os.close(screen)
    try:
        yield Terminal(process, keyboard)
    finally:
        process.kill()
        os.close(keyboard)
