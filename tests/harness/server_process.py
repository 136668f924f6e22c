"""Server processes on this machine: find a free port, and wait until a server responds."""

from __future__ import annotations

import socket
import subprocess
from collections.abc import Callable
from contextlib import suppress
from random import SystemRandom

_random = SystemRandom()


def free_port() -> int:
    """A port that is not in use now.

    Linux never assigns such a low port by itself. So no other test gets the port before the caller binds it.
    """
    while True:
        port = _random.randrange(15_000, 32_000)
        with socket.socket() as free, suppress(OSError):
            free.bind(("127.0.0.1", port))
            return port


def wait_for(process: subprocess.Popen[bytes], connect: Callable[[], None], name: str) -> None:
    """Wait until ``connect`` does not raise OSError. Raises SystemExit if the process ends, or after some minutes."""
    for _ in range(3000):
        try:
            connect()
            return
        except OSError:
            try:
                process.wait(0.1)
                break
            except subprocess.TimeoutExpired:
                continue
    raise SystemExit(f"{name} does not start")
