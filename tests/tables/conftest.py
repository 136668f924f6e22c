"""Fixtures that the tests of tables share."""

from __future__ import annotations

import pytest

from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.digests import archive_a_day


@pytest.fixture
def archived(store: Store, clock: Clock) -> Store:
    """Twelve articles, one from the backlog, and an edit of the same day."""
    archive_a_day(store, clock)
    return store
