"""Feeds that are gone: their server sends HTTP 410. They are polled only once a month. Pure functions.

Polling them does not stop, because some servers send HTTP 410 by mistake, and some feeds come back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from feedarchive.polling.feed_state import FeedState
from feedarchive.problems import FeedError

GONE_INTERVAL = timedelta(days=30)
"""The time between two polls of a feed that is gone. Other waits, such as Retry-After, are ignored for these feeds."""


def is_gone(error: FeedError) -> bool:
    """Check whether an error means that the feed is gone."""
    return error is FeedError.GONE


def gone_since_after(state: FeedState, error: FeedError) -> datetime | None:
    """Return the new ``gone_since`` of a feed whose last poll ended with ``error``; None if the feed is not gone."""
    return (state.gone_since or state.last_poll) if is_gone(error) else None
