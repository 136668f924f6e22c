"""The state file: what earlier versions wrote is read, what is said of another address is not believed."""

from __future__ import annotations

import json
from datetime import timedelta

import pytest

from clock import CHRISTMAS
from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import FeedState, HostState, ShardState
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.polling.shards import Shard
from feedarchive.store.folder import FolderStore

ALL = Shard("")


def test_everything_comes_back(folder_store: FolderStore) -> None:
    state = FeedState(
        tried=CHRISTMAS, succeeded=CHRISTMAS, failing_since=CHRISTMAS, failures=3, error_kind="too-often",
        error_status=429, error="é", retry_after=timedelta(hours=1), fresh_for=timedelta(seconds=90),
        every=timedelta(days=1), etag='W/"\xe9"', last_modified="then", body_hash="ab", known={"m": "i"},
        wordings={"i": "w"}, seals={"s": "e"}, news=CHRISTMAS, turnover=timedelta(minutes=7), newcomer=True,
        noisy=True, gap=CHRISTMAS, damage="cut off", rules="ab", title="T", url="https://example.org/feed", address="https://example.net/feed",
        moved_to="https://example.com/feed", moved_since=CHRISTMAS, gone=CHRISTMAS,
    )  # fmt: skip
    host = {"example.org": HostState(CHRISTMAS + timedelta(hours=1), 4)}
    save_state(folder_store, ALL, load_state(folder_store, ALL), {"a": state}, ["a"], host)
    loaded = load_state(folder_store, ALL)
    assert loaded.feeds == {"a": state}
    assert loaded.hosts == host


def test_what_the_first_version_wrote_is_read(folder_store: FolderStore) -> None:
    first = {
        "tried": "2025-12-25T10:00:00+00:00",
        "succeeded": "2025-12-25T10:00:00+00:00",
        "etag": '"x"',
        "known": {"m": "i"},
        "wordings": {"i": "w"},
        "moved_to": "https://example.net/feed",
    }
    folder_store.create("state/all.json", json.dumps({"version": 1, "feeds": {"a": first}}).encode() + b"\n")
    state = load_state(folder_store, ALL).of(Feed("https://example.org/feed", "a"))
    assert (state.tried, state.etag, state.known, state.failures) == (CHRISTMAS, '"x"', {"m": "i"}, 0)
    assert (state.address, state.moved_to) == ("", "https://example.net/feed")  # not proven


def test_what_a_later_version_adds_is_passed_over(folder_store: FolderStore) -> None:
    later = {"tried": "2025-12-25T10:00:00+00:00", "mood": "good"}
    folder_store.create("state/all.json", json.dumps({"version": 1, "feeds": {"a": later}}).encode() + b"\n")
    assert load_state(folder_store, ALL).feeds == {"a": FeedState(CHRISTMAS)}


DEEP = "[" * 200_000
WRONG = [
    *((name, "2025-12-25T10:00:00") for name in ("tried", "succeeded", "failing_since", "news", "gap", "gone")),
    ("tried", "9999-12-31T00:00:00+00:00"), ("tried", 7), ("failures", "x"), ("failures", -1), ("failures", 10**400),
    ("address", 5), ("address", ["a"]), ("address", "garbage"), ("address", "file:///etc/passwd"), ("moved_to", "x"),
    ("known", 5), ("known", None), ("known", {"m": 5}), ("wordings", []), ("seals", {"s": ""}), ("seals", {"s": 1}),
    ("etag", ["a"]), ("retry_after", "x"), ("fresh_for", 10**30), ("every", 1.5), ("noisy", 1), ("error", None),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), WRONG, ids=lambda value: str(value)[:20])
def test_a_feed_whose_state_is_damaged_has_none_and_the_others_have_theirs(
    folder_store: FolderStore, name: str, value: object
) -> None:
    good = {"tried": "2025-12-25T10:00:00+00:00"}
    document = {"version": 1, "feeds": {"a": {**good, name: value}, "b": good}}
    folder_store.create("state/all.json", json.dumps(document).encode() + b"\n")
    assert load_state(folder_store, ALL).feeds == {"b": FeedState(CHRISTMAS)}


@pytest.mark.parametrize("until", ["2025-12-25T10:00:00", "9999-12-31T00:00:00+00:00", 5, None])
def test_a_host_whose_state_is_damaged_has_none(folder_store: FolderStore, until: object) -> None:
    hosts = {"x": {"until": until, "refusals": 1}, "y": 5, "z": {"until": "2025-12-25T10:00:00+00:00", "refusals": 2}}
    document = {"version": 1, "feeds": {}, "hosts": hosts}
    folder_store.create("state/all.json", json.dumps(document).encode() + b"\n")
    assert load_state(folder_store, ALL).hosts == {"z": HostState(CHRISTMAS, 2)}


@pytest.mark.parametrize("text", ["", "{", DEEP, "[]", "7", '{"version": 1}', '{"version": 1, "feeds": 3}', "null"])
def test_a_file_that_is_none_is_no_state(folder_store: FolderStore, text: str) -> None:
    folder_store.create("state/all.json", text.encode() + b"\n")
    assert load_state(folder_store, ALL).feeds == {}


def test_addresses_may_be_written_in_any_case(folder_store: FolderStore) -> None:
    state = FeedState(CHRISTMAS, address="HTTPS://Example.org/feed", moved_to="Http://[2001:db8::1]:8080/ü")
    save_state(folder_store, ALL, load_state(folder_store, ALL), {"a": state}, ["a"])
    assert load_state(folder_store, ALL).feeds == {"a": state}


def test_a_changed_address_leaves_only_what_was_shown() -> None:
    state = FeedState(
        CHRISTMAS, CHRISTMAS, etag='"x"', body_hash="ab", known={"m": "i"}, wordings={"i": "w"}, gone=CHRISTMAS,
        rules="ab", url="https://example.org/feed", address="https://example.org/moved", failures=4,
    )  # fmt: skip
    loaded = ShardState({"a": state}, None)
    assert loaded.of(Feed("https://example.org/feed", "a")) == state
    assert loaded.of(Feed("https://user:password@example.org/feed", "a")) == state
    changed = loaded.of(Feed("https://example.org/new", "a"))
    assert changed == FeedState(url="https://example.org/new", known={"m": "i"}, wordings={"i": "w"}, rules="ab")


def test_after_the_clock_was_set_back_what_is_learnt_is_saved(folder_store: FolderStore) -> None:
    ahead, now = FeedState(CHRISTMAS, etag="ahead"), FeedState(CHRISTMAS - timedelta(days=9), etag="now")
    save_state(folder_store, ALL, load_state(folder_store, ALL), {"a": ahead, "b": ahead}, ["a", "b"])
    loaded = load_state(folder_store, ALL)
    save_state(folder_store, ALL, loaded, {"a": now}, ["a", "b"])
    save_state(folder_store, ALL, loaded, {"b": now}, ["a", "b"])  # meets the other's write and merges
    assert {i: s.etag for i, s in load_state(folder_store, ALL).feeds.items()} == {"a": "now", "b": "now"}
