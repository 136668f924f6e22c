"""The polling states of shards: saved after the articles, merged, inherited, and removed with their feed."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.polling.shards import Shard, shards_of
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, StoreError
from tests.guarantees.test_runs import run
from tests.harness.clock import Clock
from tests.harness.failing_store import FULL_DISK, FailingStore
from tests.harness.feed_archiver import articles, everything
from tests.harness.feed_server import FeedServer


def test_states_that_two_runs_save_concurrently_are_merged(store: Store, clock: Clock) -> None:
    loaded = load_state(store, Shard(""))
    early, late = FeedState(clock(), etag="early"), replace(FeedState(clock()), etag="late")
    clock.move(minutes=1)
    late = FeedState(clock(), etag="late")
    save_state(store, Shard(""), loaded, {"a": late, "b": early}, ["a", "b", "c"])
    save_state(store, Shard(""), loaded, {"a": early, "c": early}, ["a", "b", "c"])
    assert {i: s.etag for i, s in load_state(store, Shard("")).feeds.items()} == {
        "a": "late",
        "b": "early",
        "c": "early",
    }


def test_the_state_of_an_unsubscribed_feed_is_removed(
    folder_store: FolderStore, clock: Clock, news: Feed, sport: Feed
) -> None:
    run(folder_store, clock, news, sport)
    run(folder_store, clock, sport)
    assert set(load_state(folder_store, Shard("")).feeds) == {"sport"}


def test_more_feeds_make_more_shards_and_state_is_inherited(folder_store: FolderStore, clock: Clock) -> None:
    feeds = [Feed(f"https://host{n}.example/feed", f"f{n}") for n in range(150)]
    assert list(shards_of(feeds[:50])) == [Shard("")]
    assert [s.bits for s in shards_of(feeds)] == ["00", "01", "10", "11"]
    assert sorted(f.id for some in shards_of(feeds).values() for f in some) == sorted(f.id for f in feeds)
    save_state(folder_store, Shard("1"), load_state(folder_store, Shard("1")), {"f1": FeedState(clock())}, ["f1"])
    assert set(load_state(folder_store, Shard("10")).feeds) == {"f1"}
    assert load_state(folder_store, Shard("00")).feeds == {}


def test_all_feeds_of_a_host_are_in_one_shard() -> None:
    feeds = [Feed(f"https://host{n % 7}.example/feed/{n}", f"f{n}") for n in range(300)]
    homes = [{feed.url.split("/")[2] for feed in some} for some in shards_of(feeds).values()]
    assert sum(len(hosts) for hosts in homes) == 7


def test_another_number_of_shards_changes_nothing(
    folder_store: FolderStore, clock: Clock, server: FeedServer, news: Feed
) -> None:
    run(folder_store, clock, news)
    before = everything(folder_store)
    others = [Feed(f"http://127.0.0.1:9/{n}", f"down{n}") for n in range(80)]
    run(folder_store, clock, news, *others)
    assert "state/0.json" in folder_store.list("state/")
    assert everything(folder_store) == before


def test_state_is_json_a_person_can_read(folder_store: FolderStore, clock: Clock, news: Feed) -> None:
    run(folder_store, clock, news)
    stored = folder_store.read("state/all.json")
    assert stored is not None
    assert json.loads(stored.data)["feeds"]["news"]["etag"] == '"n1"'


def test_state_is_saved_only_after_the_articles_are_synced(folder_store: FolderStore, clock: Clock, news: Feed) -> None:
    class NeverSafe(FailingStore):
        def sync(self) -> None:
            raise FULL_DISK

    with pytest.raises(StoreError, match="disk is full"):
        run(NeverSafe(folder_store, 0, FULL_DISK), clock, news)
    assert list(folder_store.list("state/")) == []
    assert len(articles(folder_store)) == 5
