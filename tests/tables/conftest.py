"""Fixtures that the tests of tables share."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.digests import ITEMS, OLD
from tests.harness.feed_archiver import FeedArchiver


@pytest.fixture
def archived(store: Store, clock: Clock) -> Store:
    """Twelve articles, one from the backlog, and an edit of the same day."""
    archiver = FeedArchiver(store, clock)
    archiver.poll(*ITEMS, OLD)
    clock.move(hours=1)
    archiver.poll(replace(ITEMS[0], text="Story 0, corrected."), *ITEMS[1:], OLD)
    return store
