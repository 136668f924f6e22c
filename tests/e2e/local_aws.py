"""A local AWS that enforces IAM and TLS, run from an environment of its own, and the SAM CLI pointed at it."""

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

from bench.servers import free_port
from ministack import COMMAND

PROJECT = Path(__file__).parents[2]
REGION = "eu-central-1"
# Lambda's code runs on the Python of the local AWS: the layer is built for that one.
PYTHON = PROJECT / ".venv-aws" / "bin" / "python"
_T = TypeVar("_T")


@dataclass(frozen=True)
class LocalAws:
    """``environment`` is that of a person who has this account; the functions run as children of ``process``."""

    environment: dict[str, str]
    process: subprocess.Popen[bytes]
    log: Path

    def sam(self, *arguments: str, timeout: int = 240) -> str:
        """Run the real SAM CLI in the project's folder; what it printed."""
        command = PROJECT / ".venv-sam" / "bin" / "sam"
        if not command.exists():
            pytest.fail("there is no SAM CLI: run the tests with `make e2e` or `make test`, which install it")
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
        """``kill -9`` for every running function; how many there were."""
        listed = subprocess.run(["ps", "-A", "-o", "pid=,ppid="], capture_output=True, text=True, check=True).stdout
        pairs = [tuple(map(int, line.split())) for line in listed.splitlines()]
        workers = [pid for pid, parent in pairs if parent == self.process.pid]
        for pid in workers:
            os.kill(pid, 9)
        return len(workers)


@contextmanager
def local_aws(folder: Path) -> Iterator[LocalAws]:
    """It lives in ``folder``, on a free port of loopback, for as long as the block lasts."""
    if not COMMAND.exists():
        pytest.fail("there is no local AWS: run the tests with `make e2e` or `make test`, which install it")
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
    person = {
        "AWS_ACCESS_KEY_ID": "test",
        "AWS_SECRET_ACCESS_KEY": "test",
        "AWS_DEFAULT_REGION": REGION,
        "AWS_ENDPOINT_URL": f"https://127.0.0.1:{port}",
        "AWS_CA_BUNDLE": str(certificate),
        "AWS_EC2_METADATA_DISABLED": "true",
        "SAM_CLI_TELEMETRY": "0",
        "LAYER_INTERPRETER": str(PYTHON),
    }
    try:
        eventually(lambda: _answers(f"https://127.0.0.1:{port}/_ministack/health", certificate), 60, "the local AWS")
        yield LocalAws({**home, **person}, process, log)
    finally:
        process.terminate()
        try:
            process.wait(5)
        except subprocess.TimeoutExpired:  # it waits for connections that clients keep
            process.kill()
            process.wait()


def _answers(url: str, certificate: Path) -> bool:
    try:
        urllib.request.urlopen(url, timeout=5, context=ssl.create_default_context(cafile=str(certificate))).close()
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
    return True


def eventually(look: Callable[[], _T], seconds: float, what: str) -> _T:
    """What ``look`` finds, as soon as it is something: other processes do the work."""
    pause, end = threading.Event(), time.monotonic() + seconds
    while True:
        found = look()
        if found:
            return found
        if time.monotonic() > end:
            pytest.fail(f"{what}: not within {seconds:.0f} seconds")
        pause.wait(0.2)
