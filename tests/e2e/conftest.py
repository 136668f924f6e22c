"""One local AWS, one build and one stack for all tests of this folder, which run in order on one worker."""

from __future__ import annotations

import platform
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.e2e.local_aws import PROJECT, LocalAws, local_aws
from tests.e2e.stack import Stack
from tests.harness.feed_server import FeedServer, feed_server


@pytest.fixture(scope="session")
def account(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalAws]:
    with local_aws(tmp_path_factory.mktemp("account")) as running:
        yield running


@pytest.fixture(scope="session")
def built(account: LocalAws, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The output of sam build, with layers for this machine."""
    folder = tmp_path_factory.mktemp("built") / "build"
    account.sam("build", "--build-dir", str(folder), "--template-file", str(PROJECT / "template.yaml"))
    return folder


@pytest.fixture(scope="session")
def stack(account: LocalAws, built: Path) -> Stack:
    """The deployed stack, without feeds, and with schedules that do not fire during the tests."""
    architecture = "arm64" if platform.machine() in ("arm64", "aarch64") else "x86_64"
    deployed = Stack(account, built, {"Architecture": architecture})
    deployed.deploy(FeedsSchedule="rate(1 day)", DigestSchedule="rate(1 day)", TimeZone="Europe/Berlin")
    return deployed


@pytest.fixture(scope="session")
def server() -> Iterator[FeedServer]:
    with feed_server() as server:
        yield server
