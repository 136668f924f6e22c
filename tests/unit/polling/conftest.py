"""Fixtures that the tests of polling share."""

from __future__ import annotations

import pytest

from tests.harness.feed_server import FeedServer
from tests.unit.polling.fetching import DOCUMENT


@pytest.fixture
def url(server: FeedServer) -> str:
    return server.serve("/feed", DOCUMENT)
