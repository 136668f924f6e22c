"""Subscribing and ending subscriptions in a folder and in S3: compare-and-swap on feeds.toml."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from threading import Barrier

import pytest

from feedarchive.archive.open_archive import open_archive, open_for_scheduled_run
from feedarchive.archive.stored_feeds import FEEDS_FILE
from feedarchive.feeds.feeds_file import InvalidFeedsFile
from feedarchive.store.interface import Store, Stored
from feedarchive.subscriptions.feed_list import (
    Added,
    AlreadySubscribed,
    IdTaken,
    WantedFeed,
    known_feeds,
    read_feeds,
    subscribe,
    unsubscribe,
)
from feedarchive.subscriptions.feeds_file_editor import NewFeed
from feedarchive.subscriptions.new_archive import new_feeds_file
from tests.harness.clock import Clock
from tests.harness.feed_documents import news
from tests.harness.feed_server import Response
from tests.harness.simulation import Simulation

HAND_WRITTEN = '# mine\n[archive]\n\n# the first\n[[feeds]]\nurl = "https://a.example/feed"\nid = "a"\ntitle = "A"\n'


def make_archive(store: Store, text: str = HAND_WRITTEN) -> None:
    open_archive(store, text, time_zone="UTC")


def text_of(store: Store) -> str:
    stored = store.read(FEEDS_FILE)
    assert stored is not None
    return stored.data.decode()


def wanted(url: str, feed_id: str = "", title: str = "", found_at: str = "") -> WantedFeed:
    return WantedFeed(NewFeed(url, feed_id, title), found_at)


def test_a_feed_is_added_and_removed_again(store: Store) -> None:
    make_archive(store)
    (outcome,) = subscribe(store, [wanted("https://b.example/feed", title="Other one")], {})
    assert outcome == Added(NewFeed("https://b.example/feed", "other-one", "Other one"))
    assert (
        text_of(store)
        == HAND_WRITTEN + '\n[[feeds]]\nurl = "https://b.example/feed"\nid = "other-one"\ntitle = "Other one"\n'
    )
    unsubscribe(store, {"other-one"})
    assert text_of(store) == HAND_WRITTEN


@pytest.mark.parametrize(
    "url", ["https://a.example/feed", "http://www.a.example/feed/", "https://A.example:443/feed?utm_source=x#top"]
)
def test_no_feed_is_added_twice_under_another_spelling(store: Store, url: str) -> None:
    make_archive(store)
    (outcome,) = subscribe(store, [wanted(url)], {})
    assert isinstance(outcome, AlreadySubscribed)
    assert outcome.feed.id == "a"
    (outcome,) = subscribe(store, [wanted("https://redirects.example/", found_at=url)], {})
    assert isinstance(outcome, AlreadySubscribed)
    assert text_of(store) == HAND_WRITTEN


def test_two_of_one_call_are_one(store: Store) -> None:
    make_archive(store)
    first, second = subscribe(store, [wanted("https://b.example/"), wanted("http://b.example")], {})
    assert isinstance(first, Added)
    assert isinstance(second, AlreadySubscribed)
    assert second.feed.id == first.feed.id


def test_a_feed_that_has_moved_is_known_at_its_new_url(simulation: Simulation) -> None:
    old, new = simulation.server(), simulation.server()
    old.responses["/feed"] = Response(status=301, headers={"Location": new.serve("/feed", news(1))})
    feed = simulation.subscribe(old.url("/feed"))
    simulation.run_for(timedelta(days=8), every=timedelta(hours=6))
    assert simulation.state().new_url == new.url("/feed")
    known = known_feeds(simulation.store, [feed])
    assert known.at([new.url("/feed/")]) == feed
    assert known.at([new.url("/other")]) is None
    simulation.store.create(FEEDS_FILE, f'[archive]\n[[feeds]]\nurl = "{old.url("/feed")}"\nid = "feed"\n'.encode())
    (outcome,) = subscribe(simulation.store, [wanted(new.url("/feed"))], known.moved_to)
    assert isinstance(outcome, AlreadySubscribed)
    assert outcome.feed.id == "feed"


def test_an_id_that_is_taken(store: Store) -> None:
    make_archive(store)
    with pytest.raises(IdTaken, match="another feed has the id A"):
        subscribe(store, [wanted("https://b.example/", "A")], {})
    assert text_of(store) == HAND_WRITTEN
    (outcome,) = subscribe(store, [WantedFeed(NewFeed("https://b.example/", "a"), insists_on_id=False)], {})
    assert isinstance(outcome, Added)
    assert outcome.feed.id == "b"


def test_a_wrong_feeds_file_is_refused_and_stays(store: Store) -> None:
    make_archive(store)
    stored = store.read(FEEDS_FILE)
    assert stored is not None
    broken = HAND_WRITTEN.replace("[[feeds]]", "[[feeds]")
    assert store.replace(FEEDS_FILE, broken.encode(), stored.version)
    with pytest.raises(InvalidFeedsFile, match=r"feeds\.toml: line 5: "):
        subscribe(store, [wanted("https://b.example/")], {})
    with pytest.raises(InvalidFeedsFile, match=r"feeds\.toml: line 5: "):
        unsubscribe(store, {"a"})
    assert text_of(store) == broken


def test_two_people_who_add_at_the_same_time_both_succeed(store: Store) -> None:
    make_archive(store)
    together = Barrier(4)

    def add(number: int) -> None:
        together.wait()
        subscribe(store, [wanted(f"https://f{number}.example/"), wanted("https://same.example/")], {})

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(add, range(4)))
    urls = [feed.url for feed in read_feeds(store).feeds]
    assert sorted(urls) == [
        "https://a.example/feed", *(f"https://f{n}.example/" for n in range(4)), "https://same.example/",
    ]  # fmt: skip
    assert text_of(store).startswith(HAND_WRITTEN)


class _EditedInBetween:
    """A store in which somebody edits feeds.toml by hand between every read and the first write."""

    def __init__(self, store: Store, edit: str) -> None:
        self._store, self._edit = store, edit

    def __getattr__(self, name: str) -> object:
        return getattr(self._store, name)

    def replace(self, key: str, data: bytes, version: str) -> bool:
        if self._edit:
            stored = self._store.read(key)
            assert isinstance(stored, Stored)
            self._store.replace(key, stored.data + self._edit.encode(), stored.version)
            self._edit = ""
        return self._store.replace(key, data, version)


def test_an_edit_by_hand_in_between_is_kept(store: Store) -> None:
    make_archive(store)
    by_hand = '\n# by hand\n[[feeds]]\nurl = "https://h.example/"\n'
    subscribe(_EditedInBetween(store, by_hand), [wanted("https://b.example/")], {})  # type: ignore[arg-type]
    assert text_of(store).startswith(HAND_WRITTEN + by_hand)
    assert [feed.url for feed in read_feeds(store).feeds][1:] == ["https://h.example/", "https://b.example/"]
    same = '\n[[feeds]]\nurl = "http://c.example"\n'
    (outcome,) = subscribe(_EditedInBetween(store, same), [wanted("https://c.example/")], {})  # type: ignore[arg-type]
    assert isinstance(outcome, AlreadySubscribed)


def test_an_archive_whose_last_feed_was_removed_polls_nothing(store: Store) -> None:
    """It does not fall back to the last feeds file that had feeds."""
    make_archive(store, '[[feeds]]\nurl = "https://a.example/feed"\nid = "a"\n')
    unsubscribe(store, {"a"})
    opened = open_for_scheduled_run(store, "a starter that must not be used")
    assert (opened.feeds.feeds, opened.feeds_file_error) == ((), "")
    subscribe(store, [wanted("https://b.example/")], {})
    assert [feed.id for feed in open_for_scheduled_run(store, "").feeds.feeds] == ["b"]


def test_a_byte_order_mark_stays(store: Store, clock: Clock) -> None:
    make_archive(store, "\ufeff" + HAND_WRITTEN)
    subscribe(store, [wanted("https://b.example/")], {})
    assert text_of(store).startswith("\ufeff# mine\n")
    assert text_of(store).count("\ufeff") == 1


def test_the_file_of_a_new_archive_takes_feeds(store: Store) -> None:
    make_archive(store, new_feeds_file("Europe/Berlin", "https://example.org/me", allow_private_addresses=True))
    settings = read_feeds(store)
    assert (settings.feeds, settings.time_zone, settings.contact) == ((), "Europe/Berlin", "https://example.org/me")
    assert settings.allow_private_addresses
    subscribe(store, [wanted("https://b.example/")], {})
    assert len(read_feeds(store).feeds) == 1
