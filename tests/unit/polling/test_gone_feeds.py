"""A feed whose server answers 410 Gone is polled once a month."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.gone_feeds import GONE_INTERVAL, gone_since_after, is_gone
from feedarchive.polling.http_errors import error_for_status
from feedarchive.polling.schedule import PollReason, is_due, next_poll
from feedarchive.problems import FeedError

CHRISTMAS = datetime(2025, 12, 25, tzinfo=UTC)
POLLED = FeedState(last_poll=CHRISTMAS)


def test_only_410_means_that_a_feed_is_gone() -> None:
    assert [error for error in FeedError if is_gone(error)] == [error_for_status(410)]


def test_the_first_of_several_410s_is_when_the_feed_was_gone() -> None:
    gone = replace(POLLED, gone_since=gone_since_after(POLLED, FeedError.GONE))
    assert gone.gone_since == CHRISTMAS
    again = replace(gone, last_poll=CHRISTMAS + GONE_INTERVAL)
    assert gone_since_after(again, FeedError.GONE) == CHRISTMAS
    assert gone_since_after(again, FeedError.NOT_FOUND) is None


def test_a_gone_feed_is_polled_once_a_month() -> None:
    feed, gone = Feed("https://example.org/feed", "f"), replace(POLLED, gone_since=CHRISTMAS, failures=1)
    month = timedelta(days=30)
    assert next_poll(feed, gone).reason is PollReason.GONE
    assert not is_due(feed, gone, None, CHRISTMAS + month - timedelta(hours=1))
    assert is_due(feed, gone, None, CHRISTMAS + month)
