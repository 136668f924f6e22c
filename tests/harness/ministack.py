"""A local AWS, ministack, in its own process (make setup installs it)."""

from __future__ import annotations

import os
import subprocess
import urllib.request
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any
from uuid import uuid4

from tests.harness.server_process import free_port, wait_for

ENVIRONMENT = {
    "AWS_ACCESS_KEY_ID": "111111111111",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}
"""The environment variables that a client needs in addition to ``AWS_ENDPOINT_URL``."""
COMMAND = Path(__file__).parents[2] / ".venv-aws" / "bin" / "ministack"


@contextmanager
def ministack(folder: Path, log: Path, more: Mapping[str, str] = {}) -> Iterator[str]:
    """Run ministack in ``folder``, and yield its endpoint on loopback. Its data is lost when it stops.

    ``more`` is added to its environment. Raises SystemExit if it does not start.
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
        process.wait(300)


@cache
def client(service: str) -> Any:
    """A client of the local AWS of this session. Making one takes as long as several requests."""
    import boto3  # takes 0.2 s, and few tests need it

    return boto3.client(service)  # type: ignore[call-overload]


def new_bucket() -> str:
    """Create a versioned bucket with a name of its own."""
    name = f"feedarchive-{uuid4().hex[:12]}"
    client("s3").create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    client("s3").put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


def sent_mails(document: Any) -> list[dict[str, Any]]:
    """The mails in a response of ``/_ministack/ses/messages``, which groups them by account and region."""
    if isinstance(document, dict):
        return [document] if "Source" in document else [mail for each in document.values() for mail in sent_mails(each)]
    return [mail for each in document for mail in sent_mails(each)] if isinstance(document, list) else []
