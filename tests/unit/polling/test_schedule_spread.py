"""The second poll of a feed: feeds that were added together are polled at different times from then on."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedarchive.feeds.feed import DEFAULT_INTERVAL, Feed
from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.schedule import NextPoll, PollReason, next_poll
from tests.harness.clock import CHRISTMAS

ADDED = FeedState(CHRISTMAS, CHRISTMAS, last_new_entry=CHRISTMAS, polled_once=True)


@pytest.mark.parametrize("interval", [DEFAULT_INTERVAL, timedelta(hours=6)])
def test_the_second_poll_is_one_to_two_intervals_after_the_first(interval: timedelta) -> None:
    feeds = [Feed(f"https://example.org/{n}", f"feed{n}", interval=interval) for n in range(100)]
    found = [next_poll(feed, ADDED) for feed in feeds]
    waits = sorted(each.at - CHRISTMAS for each in found if each.at)
    assert {each.reason for each in found if each.at != CHRISTMAS + interval} == {PollReason.SPREAD}
    assert interval <= waits[0] < interval * 1.1
    assert interval * 1.9 < waits[-1] < interval * 2
    assert len(set(waits)) > 90
    assert found == [next_poll(feed, ADDED) for feed in feeds]


def test_the_third_poll_comes_after_the_interval() -> None:
    state = FeedState(CHRISTMAS, CHRISTMAS, last_new_entry=CHRISTMAS)
    expected = NextPoll(CHRISTMAS + DEFAULT_INTERVAL, PollReason.INTERVAL)
    assert next_poll(Feed("https://example.org/1", "feed1"), state) == expected
