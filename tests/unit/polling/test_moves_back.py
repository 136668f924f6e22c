"""Permanent redirects of a feed that has moved before."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import FeedState, url_to_poll
from feedarchive.polling.permanent_redirects import after_feed_at
from tests.harness.clock import CHRISTMAS

FEED = Feed("https://old.example/feed", "feed")
MOVED = FeedState(CHRISTMAS, url=FEED.url, new_url="https://new.example/feed")


def test_a_feed_that_is_back_at_the_subscribed_url_is_not_reported_as_moved() -> None:
    state = replace(MOVED, redirect_url=FEED.url, redirect_since=CHRISTMAS - timedelta(days=7))
    back = after_feed_at(FEED, state, FEED.url, True, CHRISTMAS)
    assert (back.new_url, back.redirect_url, url_to_poll(FEED, back)) == ("", "", FEED.url)


def test_the_new_url_is_kept_until_the_redirect_back_is_confirmed() -> None:
    state = replace(MOVED, redirect_url=FEED.url, redirect_since=CHRISTMAS - timedelta(days=7) + timedelta(seconds=1))
    waiting = after_feed_at(FEED, state, FEED.url, True, CHRISTMAS)
    assert (waiting.new_url, waiting.redirect_url) == (MOVED.new_url, FEED.url)
