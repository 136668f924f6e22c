"""A command on a terminal of its own: what a person types, and what is shown."""

from __future__ import annotations

import fcntl
import os
import pty
import subprocess
import termios
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path

LONGEST = 60.0  # seconds; far beyond what any run here takes


class Terminal:
    """Its keys reach the command and all processes that it starts. ``shown`` is what was read of the screen so far."""

    def __init__(self, process: subprocess.Popen[bytes], keyboard: int) -> None:
        self._process, self._keyboard, self.shown = process, keyboard, b""

    def press(self, key: bytes) -> None:
        os.write(self._keyboard, key)

    def until(self, words: bytes) -> None:
        """Read until these are shown."""
        while words not in self.shown:
            self.shown += os.read(self._keyboard, 65536)

    def status(self) -> int:
        """The exit status, once it and all that it started have left the terminal."""
        try:
            while chunk := os.read(self._keyboard, 65536):
                self.shown += chunk
        except OSError:  # Linux says so when nobody has the other side any more
            pass
        return self._process.wait(LONGEST)


@contextmanager
def terminal(command: Sequence[str], folder: Path, columns: int = 160) -> Iterator[Terminal]:
    """Run a command in a folder on a terminal of so many columns."""
    keyboard, screen = pty.openpty()
    termios.tcsetwinsize(screen, (50, columns))
    # The terminal's size is what counts, not what a test runner left in the environment.
    env = {k: v for k, v in os.environ.items() if k not in ("COLUMNS", "LINES")} | {"TERM": "xterm-256color"}

    def own_the_terminal() -> None:
        os.setsid()
        fcntl.ioctl(screen, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        command, cwd=folder, env=env, stdin=screen, stdout=screen, stderr=screen, pass_fds=(screen,),
        preexec_fn=own_the_terminal,  # noqa: PLW1509 - the threads are of servers, and hold no lock of Python's own
    )  # fmt: skip
    os.close(screen)
    try:
        yield Terminal(process, keyboard)
    finally:
        process.kill()
        process.wait()
        os.close(keyboard)
