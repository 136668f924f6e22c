"""status.json is divided into parts. Each part has some of the feeds and their counts."""

from __future__ import annotations

import json

import pytest

from feedarchive.feeds.feed import Feed
from feedarchive.health.load_states import all_health, fingerprint_of_states, load_states
from feedarchive.health.status_json import LastStatus, Status, read_status, write_status
from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.polling.shards import shards_of
from feedarchive.store.folder import FolderStore
from tests.harness.clock import CHRISTMAS

FEEDS = [Feed(f"https://site{n}.example/feed.xml", f"site{n:03}") for n in range(120)]
NEW = {"2025-12-24": {feed.url: n + 1 for n, feed in enumerate(FEEDS)}, "2025-12-25": {FEEDS[7].url: 3}}


def saved(store: FolderStore, feeds: list[Feed]) -> None:
    for shard, some in shards_of(feeds).items():
        states = {feed.id: FeedState(last_poll=CHRISTMAS, title=f"Title of {feed.id}") for feed in some}
        save_state(store, shard, load_state(store, shard), states, None)


def test_the_states_of_all_shards_are_loaded(folder_store: FolderStore) -> None:
    saved(folder_store, FEEDS)
    assert len(shards_of(FEEDS)) > 1
    states = load_states(folder_store, FEEDS)
    assert {i: each.state.title for i, each in states.items()} == {f.id: f"Title of {f.id}" for f in FEEDS}


@pytest.mark.parametrize(("size", "parts"), [(120, 0), (119, 1), (50, 2)])
def test_every_feed_and_its_counts_are_in_one_part(folder_store: FolderStore, size: int, parts: int) -> None:
    health = all_health(FEEDS, {}, NEW, CHRISTMAS)
    write_status(
        folder_store, Status(health, NEW, CHRISTMAS, "a mistake", "3f", notices=["alarms: lost"]), feeds_per_part=size
    )
    files = [key for key in folder_store.list("") if key.startswith("status")]
    assert len(files) == parts + 1
    documents = [json.loads(stored.data) for key in files if (stored := folder_store.read(key))]
    assert sorted(feed["feed"] for each in documents for feed in each["feeds"]) == [feed.id for feed in FEEDS]
    assert all(len(each["feeds"]) <= size for each in documents)
    (main,) = [each for each in documents if "time" in each]
    assert sorted(["status.json", *main.get("parts", [])]) == sorted(files)
    assert read_status(folder_store) == LastStatus(NEW, "3f", "2025-12-25", "a mistake", notices=("alarms: lost",))


def test_a_lost_part_makes_the_whole_status_unknown(folder_store: FolderStore) -> None:
    write_status(folder_store, Status(all_health(FEEDS, {}, NEW, CHRISTMAS), NEW, CHRISTMAS), feeds_per_part=50)
    folder_store.delete("status/3.json")
    assert read_status(folder_store) == LastStatus()


def test_the_fingerprint_changes_with_a_state_or_a_feed_only(folder_store: FolderStore) -> None:
    assert fingerprint_of_states(folder_store, FEEDS) == ""
    saved(folder_store, FEEDS)
    before = fingerprint_of_states(folder_store, FEEDS)
    folder_store.create("claims/3f/3f", b"{}\n")
    assert fingerprint_of_states(folder_store, FEEDS) == before
    assert fingerprint_of_states(folder_store, FEEDS[1:]) != before
    saved(folder_store, FEEDS[:1])
    assert fingerprint_of_states(folder_store, FEEDS) != before
