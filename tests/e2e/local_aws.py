"""Run a local AWS that enforces IAM and TLS, and run the SAM CLI with it."""

from __future__ import annotations

import os
import ssl
import subprocess
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TypeVar

import pytest

from tests.harness.ministack import COMMAND
from tests.harness.server_process import free_port

PROJECT = Path(__file__).parents[2]
REGION = "eu-central-1"
# The local AWS runs the functions with this Python, so the layer is built for it.
PYTHON = PROJECT / ".venv-aws" / "bin" / "python"
_T = TypeVar("_T")
_MAX_WAIT = 300.0  # in seconds; long enough for a busy machine


@dataclass(frozen=True)
class LocalAws:
    """``environment`` is for clients of this account. The functions run as children of ``process``."""

    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    log: Path

    def sam(self, *arguments: str, timeout: int = 900) -> str:
        """Run the SAM CLI in the project's folder, and return its output."""
        command = PROJECT / ".venv-sam" / "bin" / "sam"
        if not command.exists():
            pytest.fail("the SAM CLI is not installed: run `make setup`")
        done = subprocess.run(
            [command, *arguments],
            cwd=PROJECT,
            env=self.environment,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            timeout=timeout,
            check=False,
        )
        assert done.returncode == 0, (
            f"sam {' '.join(arguments)}:\n{done.stdout[-4000:]}\n{self.log.read_text()[-2000:]}"
        )
        return done.stdout

    def kill_workers(self) -> int:
        """``kill -9`` every running function, and return their number."""
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
        workers = [pid for pid, parent in pairs if parent == self.process.pid]
        for pid in workers:
            os.kill(pid, 9)
        return len(workers)


@contextmanager
def local_aws(folder: Path) -> Iterator[LocalAws]:
    """Run a local AWS in ``folder``, on a free loopback port, until the block ends."""
    if not COMMAND.exists():
        pytest.fail("the local AWS is not installed: run `make setup`")
    port = free_port()
    home = {"PATH": os.environ["PATH"], "HOME": str(folder), "TMPDIR": str(folder)}
    service = {
        "AUTH": "true",
        "USE_SSL": "1",
        "BIND_HOST": "127.0.0.1",
        "GATEWAY_PORT": str(port),
        "PERSIST_STATE": "0",
    }
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            [COMMAND], env={**home, **service, "AWS_DEFAULT_REGION": REGION}, cwd=folder, stdout=output, stderr=output
        )
    certificate = folder / "ministack-tls" / "server.crt"
    client = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": f"https://127.0.0.1:{port}",
        "AWS_CA_BUNDLE": str(certificate),
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "SAM_CLI_POLL_DELAY": "0.2",
        "LAYER_INTERPRETER": str(PYTHON),
    }
    running = LocalAws({**home, **client}, process, log)
    try:
        eventually(lambda: _responds(f"https://127.0.0.1:{port}/_ministack/health", certificate), "the local AWS")
        yield running
    finally:
        running.kill_workers()
        process.kill()  # not terminate(): it would wait until clients close their connections
        process.wait()


def _responds(url: str, certificate: Path) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5, context=ssl.create_default_context(cafile=str(certificate))).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def eventually(look: Callable[[], _T], what: str) -> _T:
    """Wait until ``look`` returns something true, and return it. Fail the test after five minutes."""
    pause, end = threading.Event(), time.monotonic() + _MAX_WAIT
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            pytest.fail(f"{what}: not within {_MAX_WAIT:.0f} seconds")
        pause.wait(0.2)
