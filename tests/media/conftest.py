"""Fixtures that the tests of pictures and enclosures share."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.media import Completing, Publisher, publisher


@pytest.fixture
def site(clock: Clock) -> Iterator[Publisher]:
    with publisher(clock) as running:
        running.serve_pictures()
        yield running


@pytest.fixture
def archive(folder_store: FolderStore, clock: Clock) -> Completing:
    return Completing(folder_store, clock)
