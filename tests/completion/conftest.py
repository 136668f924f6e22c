"""Fixtures that the tests of completion share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.completing import World
from tests.harness.feed_server import feed_server


@pytest.fixture
def world(folder_store: FolderStore, clock: Clock) -> Iterator[World]:
    with feed_server(clock=clock) as server:
        yield World(folder_store, clock, server)
