"""Starting servers on this machine, and waiting until they answer."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable


def free_port() -> int:
    """A port that nobody uses now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        return int(free.getsockname()[1])


def wait_for(process: subprocess.Popen[bytes], ask: Callable[[], None], what: str) -> None:
    """Wait until ``ask`` no longer raises OSError, a minute at most, or as long as the process lives."""
    for _ in range(600):
        try:
            ask()
            return
        except OSError:
            try:
                process.wait(0.1)
                break
            except subprocess.TimeoutExpired:
                continue
    raise SystemExit(f"{what} does not start")
