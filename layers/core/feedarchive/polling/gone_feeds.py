"""Feeds that are gone according to the server (HTTP 410). They are polled once a month. Pure.

They are still polled because servers have sent HTTP 410 by mistake, and because gone feeds have come back.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from feedarchive.polling.feed_state import FeedState
from feedarchive.problems import FeedError

GONE_INTERVAL = timedelta(days=30)
"""The time between two polls of a feed that is gone. No other wait applies to it, not even Retry-After."""


def is_gone(error: FeedError) -> bool:
    """Does the server say that the feed is gone for good?"""
    return error is FeedError.GONE


def gone_since_after(state: FeedState, error: FeedError) -> datetime | None:
    """The new ``gone_since`` of a feed whose last poll ended with this error. Returns None if the feed is not gone."""
    return (state.gone_since or state.last_poll) if is_gone(error) else None
