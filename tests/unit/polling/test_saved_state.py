"""State files: all fields are saved and loaded, other versions are read, damaged parts are dropped."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import timedelta

import pytest

from feedarchive.archive.document_result import HeldBack
from feedarchive.archive.noisy_feeds import Changes
from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import FeedState, HostState, ShardState
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.polling.shards import Shard
from feedarchive.polling.state_json import from_bytes, to_bytes
from feedarchive.problems import FeedError
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Stored
from tests.harness.clock import CHRISTMAS
from tests.harness.failing_store import FailingStore

ALL = Shard("")
LATER = CHRISTMAS + timedelta(hours=1)
FULL = FeedState(
    last_poll=CHRISTMAS, last_success=CHRISTMAS, failing_since=CHRISTMAS, failures=3,
    error_kind=FeedError.RATE_LIMITED, error_status=429, error="é", retry_after=timedelta(hours=1),
    fresh_for=timedelta(seconds=90), update_interval=timedelta(days=1), etag='W/"\xe9"', last_modified="then",
    body_hash="ab", known_entries={"m": "i"}, wordings={"i": "w"}, xml_hashes={"s": "e"}, last_new_entry=CHRISTMAS,
    turnover=timedelta(minutes=7), polled_once=True, noisy=True, last_gap=CHRISTMAS, damage="truncated",
    rules_hash="ab", title="T", url="https://example.org/feed", new_url="https://example.net/feed",
    redirect_url="https://example.com/feed", redirect_since=CHRISTMAS, gone_since=CHRISTMAS,
    advertised_feeds=("https://example.org/a", "https://example.org/b"), text_rules=2,
    validators_url="https://example.org/target", unmodified_since=CHRISTMAS, untrue_304=LATER,
    changes=(Changes(frozenset({"0123ab", "ff"}), 2, 30), Changes()), held_back={"i": HeldBack("1:t", LATER)},
    same_as="b", reported_error="http 500", reported_at=LATER,
)  # fmt: skip


class CountingStore(FailingStore):
    """Lists the requests, as S3 would charge them, and never fails."""

    def __init__(self, inner: FolderStore) -> None:
        super().__init__(inner, 0, Exception())
        self.requests: list[str] = []

    def read(self, key: str) -> Stored | None:
        self.requests.append("read")
        return super().read(key)

    def create(self, key: str, data: bytes) -> bool:
        self.requests.append("create")
        return super().create(key, data)

    def replace(self, key: str, data: bytes, version: str) -> bool:
        self.requests.append("replace")
        return super().replace(key, data, version)


def write_state(store: FolderStore, **document: object) -> None:
    store.create("state/all.json", json.dumps({"version": 1, **document}).encode() + b"\n")


def test_every_field_is_loaded_as_it_was_saved(folder_store: FolderStore) -> None:
    assert all(getattr(FULL, field.name) != getattr(FeedState(), field.name) for field in fields(FeedState))
    hosts = {"example.org": HostState(LATER, 4)}
    save_state(folder_store, ALL, load_state(folder_store, ALL), {"a": FULL}, ["a"], hosts)
    loaded = load_state(folder_store, ALL)
    assert loaded.feeds == {"a": FULL}
    assert loaded.hosts == hosts


def test_the_names_in_the_file_stay() -> None:
    document = json.loads(to_bytes({"a": FULL, "b": FeedState()}, {}))
    assert document["feeds"]["b"] == {}
    assert list(document["feeds"]["a"]) == [
        "tried", "succeeded", "failing_since", "failures", "error_kind", "error_status", "error", "retry_after",
        "fresh_for", "every", "etag", "last_modified", "body_hash", "known", "wordings", "seals", "news", "turnover",
        "newcomer", "noisy", "gap", "damage", "rules", "text_rules", "title", "url", "address", "moved_to",
        "moved_since", "gone",
        "advertised_feeds", "validators_url", "unmodified_since", "untrue_304",
        "changes", "held", "same_as", "reported_error", "reported_at",
    ]  # fmt: skip
    assert document["feeds"]["a"]["error_kind"] == "too-often"


def test_a_file_of_the_first_version_is_read(folder_store: FolderStore) -> None:
    first = {
        "tried": "2025-12-25T10:00:00+00:00",
        "succeeded": "2025-12-25T10:00:00+00:00",
        "etag": '"x"',
        "known": {"m": "i"},
        "wordings": {"i": "w"},
        "moved_to": "https://example.net/feed",
    }
    write_state(folder_store, feeds={"a": first})
    state = load_state(folder_store, ALL).of(Feed("https://example.org/feed", "a"))
    assert (state.last_poll, state.etag, state.known_entries, state.failures) == (CHRISTMAS, '"x"', {"m": "i"}, 0)
    assert (state.new_url, state.redirect_url) == ("", "https://example.net/feed")  # the redirect is not confirmed


def test_what_a_later_version_adds_is_ignored(folder_store: FolderStore) -> None:
    later = {"tried": "2025-12-25T10:00:00+00:00", "mood": "good", "error_kind": "teapot"}
    write_state(folder_store, feeds={"a": later})
    assert load_state(folder_store, ALL).feeds == {"a": FeedState(CHRISTMAS)}


DEEP = "[" * 200_000
INVALID = [
    *((name, "2025-12-25T10:00:00") for name in ("tried", "succeeded", "failing_since", "news", "gap", "gone")),
    ("tried", "9999-12-31T00:00:00+00:00"), ("tried", 7), ("failures", "x"), ("failures", -1), ("failures", 10**400),
    ("address", 5), ("address", ["a"]), ("address", "garbage"), ("address", "file:///etc/passwd"), ("moved_to", "x"),
    ("known", 5), ("known", None), ("known", {"m": 5}), ("wordings", []), ("seals", {"s": ""}), ("seals", {"s": 1}),
    ("etag", ["a"]), ("retry_after", "x"), ("fresh_for", 10**30), ("every", 1.5), ("noisy", 1), ("error", None),
    ("error_kind", 5), ("advertised_feeds", "x"), ("advertised_feeds", [1]),
    ("changes", ["x 3"]), ("changes", [""]), ("changes", [5]), ("held", {"i": "1:t"}), ("held", {"i": 5}),
    ("held", {"i": "1:t 2025-12-25T10:00:00"}),
]  # fmt: skip


@pytest.mark.parametrize(("name", "value"), INVALID, ids=lambda value: str(value)[:20])
def test_a_damaged_feed_is_dropped_and_the_others_are_kept(folder_store: FolderStore, name: str, value: object) -> None:
    good = {"tried": "2025-12-25T10:00:00+00:00"}
    write_state(folder_store, feeds={"a": {**good, name: value}, "b": good, "c": 5})
    assert load_state(folder_store, ALL).feeds == {"b": FeedState(CHRISTMAS)}


@pytest.mark.parametrize("until", ["2025-12-25T10:00:00", "9999-12-31T00:00:00+00:00", 5, None])
def test_a_damaged_host_is_dropped(folder_store: FolderStore, until: object) -> None:
    good = {"until": "2025-12-25T10:00:00+00:00", "refusals": 2}
    write_state(folder_store, feeds={}, hosts={"x": {"until": until, "refusals": 1}, "y": 5, "z": good})
    assert load_state(folder_store, ALL).hosts == {"z": HostState(CHRISTMAS, 2)}


@pytest.mark.parametrize("text", ["", "{", DEEP, "[]", "7", '{"version": 1}', '{"version": 1, "feeds": 3}', "null"])
def test_a_damaged_file_counts_as_missing(folder_store: FolderStore, text: str) -> None:
    folder_store.create("state/all.json", text.encode() + b"\n")
    assert load_state(folder_store, ALL).feeds == {}


def test_urls_may_be_in_upper_case(folder_store: FolderStore) -> None:
    state = FeedState(CHRISTMAS, new_url="HTTPS://Example.org/feed", redirect_url="Http://[2001:db8::1]:8080/ü")
    save_state(folder_store, ALL, load_state(folder_store, ALL), {"a": state}, ["a"])
    assert load_state(folder_store, ALL).feeds == {"a": state}


def test_a_feed_with_a_changed_url_keeps_only_its_known_entries() -> None:
    loaded = ShardState({"a": FULL}, None)
    assert loaded.of(Feed("https://example.org/feed", "a")) == FULL
    assert loaded.of(Feed("https://user:password@example.org/feed", "a")) == FULL
    assert loaded.of(Feed("https://example.org/new", "a")) == FeedState(
        url="https://example.org/new",
        known_entries=FULL.known_entries,
        wordings=FULL.wordings,
        held_back=FULL.held_back,
        noisy=FULL.noisy,
        changes=FULL.changes,
        last_new_entry=FULL.last_new_entry,
        rules_hash=FULL.rules_hash,
        text_rules=FULL.text_rules,
    )


def test_after_the_clock_was_set_back_new_states_are_saved(folder_store: FolderStore) -> None:
    ahead, now = FeedState(CHRISTMAS, etag="ahead"), FeedState(CHRISTMAS - timedelta(days=9), etag="now")
    save_state(folder_store, ALL, load_state(folder_store, ALL), {"a": ahead, "b": ahead}, ["a", "b"])
    loaded = load_state(folder_store, ALL)
    save_state(folder_store, ALL, loaded, {"a": now}, ["a", "b"])
    save_state(folder_store, ALL, loaded, {"b": now}, ["a", "b"])  # merges with the save before
    assert {i: s.etag for i, s in load_state(folder_store, ALL).feeds.items()} == {"a": "now", "b": "now"}


def test_saving_costs_one_request_and_a_merge_two_more(folder_store: FolderStore) -> None:
    store = CountingStore(folder_store)
    state = FeedState(CHRISTMAS)
    loaded = load_state(store, ALL)
    save_state(store, ALL, loaded, {"a": state}, None)
    assert store.requests == ["read", "create"]
    store.requests.clear()
    loaded = load_state(store, ALL)
    save_state(store, ALL, loaded, {"b": state}, None)
    assert store.requests == ["read", "replace"]
    store.requests.clear()
    save_state(store, ALL, loaded, {"c": state}, None)  # another run has saved since "loaded"
    assert store.requests == ["replace", "read", "replace"]
    assert load_state(store, ALL).feeds == {"a": state, "b": state, "c": state}
    store.requests.clear()
    part = Shard("0")
    save_state(store, part, load_state(store, part), {"d": state}, None)
    assert store.requests == ["read", "read", "create"]  # reads the state of the shard and of its parent


def test_a_new_shard_starts_with_the_state_of_its_parent(folder_store: FolderStore) -> None:
    save_state(folder_store, ALL, load_state(folder_store, ALL), {"a": FULL, "b": FULL}, None)
    part = Shard("0")
    loaded = load_state(folder_store, part)
    assert loaded.feeds == {"a": FULL, "b": FULL}
    assert loaded.stored is None
    changed = replace(FULL, etag="new")
    save_state(folder_store, part, loaded, {"a": changed}, ["a"])
    assert load_state(folder_store, part).feeds == {"a": changed}
    assert load_state(folder_store, ALL).feeds == {"a": FULL, "b": FULL}


def test_the_advertised_feeds_are_part_of_the_error_message() -> None:
    assert FeedState(error="the server sent an HTML page").error_message == "the server sent an HTML page"
    one = FeedState(error="not a feed", advertised_feeds=("https://example.org/a",))
    assert one.error_message == "not a feed; the page links to a feed: https://example.org/a"
    assert FULL.error_message == "é; the page links to feeds: https://example.org/a, https://example.org/b"


def test_state_of_another_version_is_ignored() -> None:
    assert from_bytes(b'{"version": 2, "feeds": {"a": {}}}', None).feeds == {}
