"""Shared fixtures: a clock, servers on loopback, stores, and a local AWS with the S3 API."""

from __future__ import annotations

import gc
import os
import shutil
import signal
import sys
from collections.abc import Generator, Iterator
from contextlib import ExitStack
from functools import cache
from pathlib import Path

import pytest
from hypothesis import settings
from xdist.scheduler import LoadScopeScheduling

from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.feed_server import FeedServer, feed_server
from tests.harness.media import Publisher, publisher
from tests.harness.ministack import COMMAND, ENVIRONMENT, ministack, new_bucket
from tests.harness.simulation import Simulation

# No deadline, because any test can be slow on a busy machine. ``derandomize`` makes the examples the same at each run.
settings.register_profile("feedarchive", deadline=None, derandomize=True)
settings.load_profile("feedarchive")

_ROOT = Path(__file__).parents[1]
_MEMORY, _MIN_FREE = Path("/dev/shm"), 4 * 2**30  # a file system in memory (Linux); all tests need a quarter of it
_ON_ONE_WORKER = {
    "browser": "they share a Chromium",
    "compatibility": "they share a port",
    "e2e": "they share a stack",
}


class _TogetherOnOneWorker(LoadScopeScheduling):  # type: ignore[misc]
    """Run the tests of some packages and files on one worker, in order. All other tests run on any worker.

    A file with a module fixture stays together, because each worker would make the fixture again. The files in
    ``unit`` and ``docs`` stay together, because their tests are short and sending a test to a worker takes time.
    """

    def _split_scope(self, nodeid: str) -> str:
        path = nodeid.partition("::")[0]
        package = path.split("/")[1]
        if package in _ON_ONE_WORKER:
            return package
        return path if package in ("docs", "unit") or _has_a_shared_fixture(path) else nodeid


@cache
def _has_a_shared_fixture(path: str) -> bool:
    return 'scope="module"' in (_ROOT / path).read_text(encoding="utf-8")


def pytest_configure() -> None:
    """Prepare the signal handling and the environment that child processes inherit.

    A shell ignores SIGINT in background jobs, but tests of Ctrl-C need the default handler. Containers often tell
    Python to write no bytecode. Each worker and each command would then compile all modules again.
    """
    if signal.getsignal(signal.SIGINT) == signal.SIG_IGN:
        signal.signal(signal.SIGINT, signal.default_int_handler)
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    sys.dont_write_bytecode = False
    # Keep the tests' archives in memory. On a disk, each sync also waits for the writes of other programs.
    if _MEMORY.is_dir() and shutil.disk_usage(_MEMORY).free > _MIN_FREE:
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(_MEMORY))


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """Exclude all collected tests and imported modules from garbage collection, because they live until the end."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.enable()
        gc.collect()
        gc.freeze()


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
def site(clock: Clock) -> Iterator[Publisher]:
    """A site that serves articles and their pictures."""
    with publisher(clock) as running:
        running.serve_pictures()
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
    for name, value in {**ENVIRONMENT, "AWS_ENDPOINT_URL": local_aws}.items():
        monkeypatch.setenv(name, value)
    return local_aws


@pytest.fixture
def bucket(aws: str) -> str:
    """A new, versioned bucket."""
    return new_bucket()


@pytest.fixture(params=["folder", "s3"])
def store(request: pytest.FixtureRequest, tmp_path: Path) -> Store:
    """Each kind of store in turn."""
    if request.param == "folder":
        return FolderStore(tmp_path / "archive")
    bucket_name = request.getfixturevalue("bucket")
    from feedarchive.store.location import open_store

    return open_store(f"s3://{bucket_name}/some/prefix")
