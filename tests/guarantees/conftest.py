"""Fixtures that several guarantees share."""

from __future__ import annotations

import pytest

from feedarchive.feeds.feed import Feed
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer

NEWS = [Item(f"News {n}", link=f"https://example.org/news/{n}", guid=f"n{n}", text=f"News {n}.") for n in range(5)]
SPORT = [Item(f"Sport {n}", link=f"https://example.org/sport/{n}", guid=f"s{n}", text=f"Goals {n}.") for n in range(5)]


@pytest.fixture(params=["with state", "state lost at every poll"])
def archiver(request: pytest.FixtureRequest, folder_store: FolderStore, clock: Clock) -> FeedArchiver:
    return FeedArchiver(folder_store, clock, stateless=request.param != "with state")


@pytest.fixture
def news(server: FeedServer) -> Feed:
    return Feed(server.serve("/news.xml", rss(*NEWS), ETag='"n1"'), "news")


@pytest.fixture
def sport(server: FeedServer) -> Feed:
    return Feed(server.serve("/sport.xml", rss(*SPORT)), "sport")
