"""Two runs save their polling states: the later poll of a feed and the longer rate limit of a host are kept."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedarchive.polling.feed_state import FeedState, HostState
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.store.folder import FolderStore
from tests.harness.clock import CHRISTMAS
from tests.unit.polling.test_saved_state import ALL, FULL, LATER


def test_of_two_polls_of_a_feed_the_later_one_is_kept(folder_store: FolderStore) -> None:
    loaded = load_state(folder_store, ALL)
    early, late = FeedState(CHRISTMAS, etag="early"), FeedState(LATER, etag="late")
    save_state(folder_store, ALL, loaded, {"a": late, "b": early}, None)
    save_state(folder_store, ALL, loaded, {"a": early, "b": late}, None)
    assert {i: s.etag for i, s in load_state(folder_store, ALL).feeds.items()} == {"a": "late", "b": "late"}


LONGER = HostState(LATER + timedelta(hours=1), 3)


@pytest.mark.parametrize(
    ("ours", "kept"),
    [
        (None, HostState(LATER, 2)),
        (HostState(CHRISTMAS, 1), HostState(LATER, 2)),
        (HostState(LATER, 2), HostState(LATER, 2)),
        (LONGER, LONGER),
    ],
)
def test_the_longer_rate_limit_of_a_host_is_kept(
    folder_store: FolderStore, ours: HostState | None, kept: HostState
) -> None:
    loaded = load_state(folder_store, ALL)
    save_state(folder_store, ALL, loaded, {}, None, {"example.org": HostState(LATER, 2)})
    save_state(folder_store, ALL, loaded, {}, None, {"example.org": ours})
    assert load_state(folder_store, ALL).hosts == {"example.org": kept}


def test_a_rate_limit_ends_with_a_response_and_is_dropped_after_two_days(folder_store: FolderStore) -> None:
    limited = {"example.org": HostState(CHRISTMAS, 1), "example.net": HostState(CHRISTMAS, 1)}
    save_state(folder_store, ALL, load_state(folder_store, ALL), {}, None, limited)
    save_state(folder_store, ALL, load_state(folder_store, ALL), {}, None, {"example.org": None})
    assert load_state(folder_store, ALL).hosts.keys() == {"example.net"}
    later = FeedState(CHRISTMAS + timedelta(days=2))
    save_state(folder_store, ALL, load_state(folder_store, ALL), {"a": later}, None)
    assert load_state(folder_store, ALL).hosts == {}


def test_feeds_that_are_not_subscribed_are_dropped(folder_store: FolderStore) -> None:
    save_state(folder_store, ALL, load_state(folder_store, ALL), {"a": FULL, "b": FULL}, None)
    save_state(folder_store, ALL, load_state(folder_store, ALL), {}, ["b"])
    assert load_state(folder_store, ALL).feeds.keys() == {"b"}
