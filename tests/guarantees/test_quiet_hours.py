"""An hour in which feeds were polled and no article was archived: few requests, however many feeds there are."""

from __future__ import annotations

import json
import shutil
from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedarchive.builds.builder import DigestBuilder
from feedarchive.builds.results import BuildResult
from feedarchive.feeds.feed import Feed
from feedarchive.health.load_states import all_health, load_states
from feedarchive.health.quiet_hours import MAX_SHARDS, health_before
from feedarchive.health.status_json import as_json, read_status
from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.polling.shards import shards_of
from feedarchive.rfc3339 import format_rfc3339
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.guarantees.test_build_requests import RequestStore
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.digests import RecordingAnnouncer
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item

MANY, MORE = 1_200, 2_400
HOUR = timedelta(hours=1)


def feeds(number: int) -> list[Feed]:
    return [Feed(f"https://site{n}.example/feed.xml", f"site{n}") for n in range(number)]


def poll_all(store: Store, number: int, at: datetime, failing_since: datetime | None = None) -> None:
    for shard, some in shards_of(feeds(number)).items():
        polled = FeedState(last_poll=at, last_success=failing_since or at, failing_since=failing_since)
        save_state(store, shard, load_state(store, shard), {each.id: polled for each in some}, None)


def build(store: Store, listed: Sequence[Feed], now: datetime) -> BuildResult:
    return DigestBuilder(store, ZoneInfo("UTC"), listed, now, max_files=0).build_due(RecordingAnnouncer())


def make_archive(root: Path, number: int) -> RequestStore:
    """An archive with ``number`` feeds, one article, and a status.json that is built from all polling states."""
    inner = FolderStore(root / str(number))
    FeedArchiver(inner, Clock()).poll(Item("News", link="https://site0.example/news"))
    poll_all(inner, number, CHRISTMAS)
    build(inner, feeds(number), CHRISTMAS)
    return RequestStore(inner)


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of an archive with many feeds. Shared by tests: do not write there."""
    root = tmp_path_factory.mktemp("made")
    make_archive(root, MANY)
    return root / str(MANY)


@pytest.fixture
def store(made: Path, tmp_path: Path) -> RequestStore:
    shutil.copytree(made, tmp_path / "archive")
    return RequestStore(FolderStore(tmp_path / "archive"))


def times(store: Store) -> Counter[str]:
    """Map each ``last_success`` in status.json and its parts to the number of feeds that have it."""
    documents = [json.loads(each.data) for each in read_status(store).stored.values()]
    return Counter(feed["last_success"] for document in documents for feed in document["feeds"])


def test_a_quiet_hour_needs_less_than_60_requests_with_any_number_of_feeds(store: RequestStore, tmp_path: Path) -> None:
    assert len(shards_of(feeds(MORE))) == 4 * MAX_SHARDS > 60
    for number, archive in ((MANY, store), (MORE, make_archive(tmp_path, MORE))):
        poll_all(archive, number, CHRISTMAS + HOUR)
        archive.requests.clear()
        build(archive, feeds(number), CHRISTMAS + HOUR)
        states = [key for kind, key in archive.requests if key.startswith("state/") and kind == "GET"]
        assert len(states) == MAX_SHARDS
        reads = Counter(key for kind, key in archive.requests if kind == "GET" and key.startswith("status"))
        assert set(reads.values()) == {1}
        # All of these listings have fewer than 1,000 keys, so S3 needs one request for each.
        listings = {each for each in archive.requests if each[0] == "LIST"}
        others = [each for each in archive.requests if each not in listings]
        assert len(listings) + len(others) < 60


def test_after_some_quiet_hours_the_health_of_each_feed_is_new(store: RequestStore) -> None:
    assert len(shards_of(feeds(MANY))) == 2 * MAX_SHARDS
    poll_all(store, MANY, CHRISTMAS + HOUR)
    for hours in (1, 2):
        assert times(store)[format_rfc3339(CHRISTMAS)]
        build(store, feeds(MANY), CHRISTMAS + hours * HOUR)
    assert times(store) == {format_rfc3339(CHRISTMAS + HOUR): MANY}
    # Each build read only some states. So status.json says that the health of some feeds may be older.
    assert not read_status(store).complete


def test_health_from_status_json_is_the_health_that_was_written(store: RequestStore) -> None:
    listed, at = feeds(MANY), CHRISTMAS + HOUR
    for shard, some in shards_of(listed[:3]).items():
        failing = FeedState(last_poll=at, failing_since=at, error="broken", gone_since=at, last_gap=at, noisy=True)
        save_state(store, shard, load_state(store, shard), {each.id: failing for each in some}, None)
    health = all_health(listed, load_states(store, listed), {}, at)
    build(store, [*listed, Feed("https://new.example/feed.xml", "new")], at)
    known = health_before(read_status(store))
    assert known.pop("new")
    assert {feed_id: as_json(replace(each, new_in_30_days=0)) for feed_id, each in known.items()} == {
        each.feed: as_json(each) for each in health
    }


@pytest.mark.parametrize("why", ["new article", "new feed", "other day", "every feed fails", "damaged status"])
def test_all_states_are_read_when_some_are_not_enough(store: RequestStore, why: str) -> None:
    listed, at = feeds(MANY), CHRISTMAS + HOUR
    poll_all(store, MANY, at, failing_since=CHRISTMAS if why == "every feed fails" else None)
    if why == "new article":
        FeedArchiver(store, Clock(at)).poll(Item("More", link="https://site0.example/more"))
    elif why == "new feed":
        listed.append(Feed("https://new.example/feed.xml", "new"))
    elif why == "other day":
        at += 13 * HOUR  # after midnight: the last day is not announced yet
    elif why == "damaged status":
        status = store.read("status.json")
        assert status
        store.replace("status.json", status.data.replace(b'"well"', b'"unknown"'), status.version)
    result = build(store, listed, at)
    assert len(read_status(store).stored) == 1
    expected = CHRISTMAS if why == "every feed fails" else CHRISTMAS + HOUR
    assert times(store)[format_rfc3339(expected)] == MANY
    assert read_status(store).complete
    assert result.every_feed_fails_since == (CHRISTMAS if why == "every feed fails" else None)
