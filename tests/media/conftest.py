"""Fixtures that the tests of pictures and enclosures share."""

from __future__ import annotations

import pytest

from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.media import Completing


@pytest.fixture
def archive(folder_store: FolderStore, clock: Clock) -> Completing:
    return Completing(folder_store, clock)
