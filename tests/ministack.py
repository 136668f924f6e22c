"""The S3 API of a local AWS, in a process of its own (make setup installs it)."""

from __future__ import annotations

import os
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.servers import free_port, wait_for

COMMAND = Path(__file__).parents[1] / ".venv-aws" / "bin" / "ministack"


@contextmanager
def ministack(folder: Path, log: Path, more: Mapping[str, str] = {}) -> Iterator[str]:
    """Its endpoint on loopback, for as long as the block lasts. It lives in ``folder`` and keeps nothing.

    ``more`` is for its environment. SystemExit if it does not start.
    """
    port = free_port()
    environment = {
        "PATH": os.environ["PATH"],
        "GATEWAY_PORT": str(port),
        "BIND_HOST": "127.0.0.1",
        "HOME": str(folder),
        "PERSIST_STATE": "0",
    }
    with log.open("wb") as output:
        process = subprocess.Popen(
            [COMMAND], env={**environment, **more}, cwd=folder, stdout=output, stderr=subprocess.STDOUT
        )
    endpoint = f"http://127.0.0.1:{port}"
    try:
        health = f"{endpoint}/_ministack/health"
        wait_for(process, lambda: urllib.request.urlopen(health, timeout=5).close(), f"the local AWS (see {log})")
        yield endpoint
    finally:
        process.terminate()
        process.wait(10)
