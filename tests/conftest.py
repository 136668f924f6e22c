"""Shared fixtures: a clock, servers on loopback, stores, and a local AWS with the S3 API."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from uuid import uuid4

import pytest
from xdist.scheduler import LoadScopeScheduling

from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.feed_server import FeedServer, feed_server
from tests.harness.ministack import COMMAND, ministack
from tests.harness.simulation import Simulation

_AWS = {
    "AWS_ACCESS_KEY_ID": "111111111111",
    "AWS_SECRET_ACCESS_KEY": "not-a-secret",
    "AWS_DEFAULT_REGION": "eu-central-1",
    "AWS_EC2_METADATA_DISABLED": "true",
}


class _TogetherOnOneWorker(LoadScopeScheduling):  # type: ignore[misc]
    """Run tests that share a stack (e2e) or a port (compatibility) on one worker, in order; others on any worker."""

    def _split_scope(self, nodeid: str) -> str:
        package = nodeid.split("/")[1]
        return package if package in ("e2e", "compatibility") else nodeid


def pytest_configure() -> None:
    """A shell ignores SIGINT in background jobs, and child processes inherit that; tests of Ctrl-C need the default."""
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)


def pytest_xdist_make_scheduler(config: pytest.Config, log: object) -> _TogetherOnOneWorker:
    return _TogetherOnOneWorker(config, log)


@pytest.fixture(autouse=True)
def _no_credentials_of_this_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in list(os.environ):
        if name.startswith("AWS_"):
            monkeypatch.delenv(name)


@pytest.fixture
def clock() -> Clock:
    """A clock at 2025-12-25 10:00 UTC, until the test moves it."""
    return Clock()


@pytest.fixture
def server() -> Iterator[FeedServer]:
    with feed_server() as running:
        yield running


@pytest.fixture
def simulation(tmp_path: Path, clock: Clock) -> Iterator[Simulation]:
    """An archive and scripted servers, all on the test's clock."""
    with ExitStack() as stack:
        yield Simulation(tmp_path / "archive", clock, stack)


@pytest.fixture
def folder_store(tmp_path: Path) -> FolderStore:
    return FolderStore(tmp_path / "archive")


@pytest.fixture(scope="session")
def local_aws(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The endpoint of a local AWS, which runs in its own environment (make setup)."""
    if not COMMAND.exists():
        pytest.fail("the local AWS is not installed: run `make setup`")
    folder = tmp_path_factory.mktemp("local-aws")
    log = folder / "log"
    with ExitStack() as stack:
        try:
            endpoint = stack.enter_context(ministack(folder, log))
        except SystemExit as error:
            pytest.fail(f"{error}:\n{log.read_text()[-2000:]}")
        yield endpoint


@pytest.fixture
def aws(local_aws: str, monkeypatch: pytest.MonkeyPatch) -> str:
    """The local AWS, with environment variables that point boto3 to it."""
    for name, value in {**_AWS, "AWS_ENDPOINT_URL": local_aws}.items():
        monkeypatch.setenv(name, value)
    return local_aws


@pytest.fixture
def bucket(aws: str) -> str:
    """A new, versioned bucket."""
    import boto3

    name = f"feedarchive-{uuid4().hex[:12]}"
    client = boto3.client("s3")
    client.create_bucket(Bucket=name, CreateBucketConfiguration={"LocationConstraint": "eu-central-1"})
    client.put_bucket_versioning(Bucket=name, VersioningConfiguration={"Status": "Enabled"})
    return name


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Each kind of store in turn."""
    if request.param == "folder":
        return FolderStore(tmp_path / "archive")
    bucket_name = request.getfixturevalue("bucket")
    from feedarchive.store.location import open_store

    return open_store(f"s3://{bucket_name}/some/prefix")
