"""Permanent redirects: when they are confirmed. tests/polling/test_moves.py simulates weeks of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import FeedState, url_to_poll
from feedarchive.polling.permanent_redirects import after_feed_at
from tests.harness.clock import CHRISTMAS

FEED = Feed("http://example.org/feed?a=1", "example")


@pytest.mark.parametrize(
    ("target", "confirmed"),
    [
        ("https://example.org/feed?a=1", True),
        ("https://example.org/feed", False),
        ("https://www.example.org/feed?a=1", False),
        ("https://example.org/?a=1", False),
        ("https://example.org:8443/feed?a=1", False),
        ("http://example.org/other", False),
    ],
)
def test_only_an_upgrade_to_https_is_confirmed_at_once(target: str, confirmed: bool) -> None:
    state = after_feed_at(FEED, FeedState(), target, True, CHRISTMAS)
    assert url_to_poll(FEED, state) == (target if confirmed else FEED.url)
    assert state.redirect_url == ("" if confirmed else target)


def test_a_redirect_from_https_to_http_is_not_confirmed_at_once() -> None:
    feed = Feed("https://example.org/feed", "example")
    assert after_feed_at(feed, FeedState(), "http://example.org/feed", True, CHRISTMAS).new_url == ""


def test_a_feed_may_move_again_after_an_upgrade() -> None:
    upgraded = after_feed_at(FEED, FeedState(), "https://example.org/feed?a=1", True, CHRISTMAS)
    later = after_feed_at(FEED, upgraded, "https://example.net/feed", True, CHRISTMAS)
    assert (later.new_url, later.redirect_url) == ("https://example.org/feed?a=1", "https://example.net/feed")
    week = after_feed_at(FEED, later, "https://example.net/feed", True, CHRISTMAS + timedelta(days=7))
    assert week.new_url == "https://example.net/feed"


def test_a_redirect_back_to_the_subscribed_url_ends_the_move() -> None:
    moved = FeedState(new_url="https://example.net/feed", redirect_url=FEED.url, redirect_since=CHRISTMAS)
    back = after_feed_at(FEED, moved, FEED.url, True, CHRISTMAS + timedelta(days=7))
    assert (back.new_url, back.redirect_url) == ("", "")
    assert url_to_poll(FEED, back) == FEED.url


@pytest.mark.parametrize(
    "feed",
    [replace(FEED, headers={"Authorization": "Bearer x"}), Feed("http://me:secret@example.org/feed?a=1", "example")],
    ids=["header", "password"],
)
def test_a_feed_with_a_secret_never_moves_and_its_secret_is_not_saved(feed: Feed) -> None:
    state = after_feed_at(feed, FeedState(), "https://me:secret@example.org/feed?a=1", True, CHRISTMAS)
    later = after_feed_at(feed, state, "https://me:secret@example.org/feed?a=1", True, CHRISTMAS + timedelta(days=30))
    assert later.new_url == ""
    assert later.redirect_url == "https://example.org/feed?a=1"
