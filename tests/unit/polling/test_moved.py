"""Permanent redirects: what is believed when. Weeks of them are in tests/polling/test_moves.py."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from clock import CHRISTMAS
from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import FeedState, address_of
from feedarchive.polling.permanent_redirects import after_feed_at

FEED = Feed("http://example.org/feed?a=1", "example")


@pytest.mark.parametrize(
    ("target", "believed"),
    [
        ("https://example.org/feed?a=1", True),
        ("https://example.org/feed", False),
        ("https://www.example.org/feed?a=1", False),
        ("https://example.org/?a=1", False),
        ("https://example.org:8443/feed?a=1", False),
        ("http://example.org/other", False),
    ],
)
def test_only_http_to_https_on_the_same_path_is_believed_at_once(target: str, believed: bool) -> None:
    state = after_feed_at(FEED, FeedState(), target, True, CHRISTMAS)
    assert address_of(FEED, state) == (target if believed else FEED.url)
    assert state.moved_to == ("" if believed else target)


def test_https_to_http_is_a_move_like_any_other() -> None:
    feed = Feed("https://example.org/feed", "example")
    assert after_feed_at(feed, FeedState(), "http://example.org/feed", True, CHRISTMAS).address == ""


def test_a_secured_address_may_move_on() -> None:
    secured = after_feed_at(FEED, FeedState(), "https://example.org/feed?a=1", True, CHRISTMAS)
    later = after_feed_at(FEED, secured, "https://example.net/feed", True, CHRISTMAS)
    assert (later.address, later.moved_to) == ("https://example.org/feed?a=1", "https://example.net/feed")
    week = after_feed_at(FEED, later, "https://example.net/feed", True, CHRISTMAS + timedelta(days=7))
    assert week.address == "https://example.net/feed"


def test_a_move_back_to_the_subscribed_address_is_none() -> None:
    moved = FeedState(address="https://example.net/feed", moved_to=FEED.url, moved_since=CHRISTMAS)
    back = after_feed_at(FEED, moved, FEED.url, True, CHRISTMAS + timedelta(days=7))
    assert address_of(FEED, back) == FEED.url


@pytest.mark.parametrize(
    "feed",
    [replace(FEED, headers={"Authorization": "Bearer x"}), Feed("http://me:secret@example.org/feed?a=1", "example")],
    ids=["header", "password"],
)
def test_a_feed_with_a_secret_is_never_moved_and_its_secret_never_remembered(feed: Feed) -> None:
    state = after_feed_at(feed, FeedState(), "https://me:secret@example.org/feed?a=1", True, CHRISTMAS)
    later = after_feed_at(feed, state, "https://me:secret@example.org/feed?a=1", True, CHRISTMAS + timedelta(days=30))
    assert later.address == ""
    assert later.moved_to == "https://example.org/feed?a=1"
