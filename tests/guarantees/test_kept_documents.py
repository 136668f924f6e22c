"""A document is kept once, and before its articles are archived, even if polls are killed or run at the same time."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedarchive.archive.archiver import Archiver
from feedarchive.documents.document_keys import month_key
from feedarchive.documents.keep import document_keeper
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.pool import shared_parser_pool
from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.poll import PollTools, poll_feed
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.failing_store import FULL_DISK, FailingStore, Killed
from tests.harness.feed_archiver import articles, everything
from tests.harness.feed_documents import news
from tests.harness.feed_server import FeedServer, feed_server

KEY = month_key("feed", "2025-12")
WRITES = 1 + 2 * 3
"""A poll writes the document, and for each of two articles the claim of its GUID, its claim and its file."""


@pytest.fixture
def server() -> Iterator[FeedServer]:
    """A server that always sends the same Date header, so that the kept documents can be compared."""
    with feed_server(clock=Clock()) as running:
        yield running


@pytest.fixture
def feed(server: FeedServer) -> Feed:
    return Feed(server.serve("/feed", news(1, 2)), "feed", keep_documents=True)


def poll(store: Store, feed: Feed) -> None:
    """Poll the feed as if it had never been polled before."""
    with closing(Fetcher(allow_private_addresses=True)) as fetcher:
        archiver = Archiver(store, ZoneInfo("UTC"), Clock())
        tools = PollTools(fetcher, shared_parser_pool(), archiver, {}, keep_document=document_keeper(store))
        poll_feed(feed, FeedState(), tools, CHRISTMAS)


class KilledInAppend(FolderStore):
    """A store whose process is killed when it has appended ``length`` bytes."""

    def __init__(self, folder: Path, length: int) -> None:
        super().__init__(folder)
        self._length = length

    def append(self, key: str, data: bytes, at: int, size: int) -> bool:
        super().append(key, data[: self._length], at, size)
        raise Killed


@pytest.fixture
def undisturbed(feed: Feed, tmp_path: Path) -> dict[str, bytes]:
    store = FolderStore(tmp_path / "undisturbed")
    poll(store, feed)
    return everything(store)


@pytest.fixture
def objects(feed: Feed, tmp_path: Path) -> Iterator[dict[str, bytes]]:
    """The objects that an undisturbed poll leaves in a store that cannot append, such as S3."""
    store = FailingStore(FolderStore(tmp_path / "objects"), 0, FULL_DISK)
    poll(store, feed)
    assert store.writes == WRITES
    yield everything(store)


@pytest.mark.parametrize("length", [0, 1, 19, 20, 500, 900])
def test_a_poll_that_was_killed_while_it_appended_is_repeated(
    feed: Feed, tmp_path: Path, undisturbed: dict[str, bytes], length: int
) -> None:
    with pytest.raises(Killed):
        poll(KilledInAppend(tmp_path / "archive", length), feed)
    store = FolderStore(tmp_path / "archive")
    assert articles(store) == {}
    poll(store, feed)
    assert everything(store) == undisturbed


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize("write", range(1, WRITES + 1))
def test_a_poll_that_was_killed_at_any_write_is_repeated(
    feed: Feed, tmp_path: Path, objects: dict[str, bytes], write: int, after: bool
) -> None:
    """What is archived comes from a document that is kept, even if the process was killed."""
    store = FolderStore(tmp_path / "archive")
    with pytest.raises(Killed):
        poll(FailingStore(store, write, Killed(), after), feed)
    assert bool(list(store.list("documents/"))) == (write > 1 or after)
    poll(FailingStore(store, 0, FULL_DISK), feed)
    assert everything(store) == objects


def test_two_polls_at_once_keep_the_document_once(feed: Feed, tmp_path: Path, undisturbed: dict[str, bytes]) -> None:
    with ThreadPoolExecutor(4) as pool:
        for _ in pool.map(lambda number: poll(FolderStore(tmp_path / "archive"), feed), range(4)):
            pass
    assert everything(FolderStore(tmp_path / "archive"))[KEY] == undisturbed[KEY]


def test_a_full_disk_ends_the_run_before_anything_is_archived(feed: Feed, tmp_path: Path) -> None:
    store = FolderStore(tmp_path / "archive")
    with pytest.raises(type(FULL_DISK)):
        poll(FailingStore(store, 1, FULL_DISK), feed)
    assert everything(store) == {}
