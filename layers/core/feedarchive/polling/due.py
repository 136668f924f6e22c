"""When a feed is to be polled next. Pure: the time is a value."""

from __future__ import annotations

from datetime import datetime, timedelta

from feedarchive.feeds.feed import Feed
from feedarchive.polling.state import FeedState

# A schedule of 15 minutes never fires on the second: without it, every second run would come too early.
_SLACK = timedelta(minutes=1)


def is_due(feed: Feed, state: FeedState | None, now: datetime) -> bool:
    """Has the feed's interval passed since it was last polled? A clock set back makes it due."""
    if state is None or state.tried > now:
        return True
    return now >= state.tried + feed.interval - _SLACK
