"""Find out whether the same error of a feed was already reported less than a day ago. Pure functions."""

from __future__ import annotations

from datetime import timedelta

from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.results import FetchFailed

_REPORTED_FOR = timedelta(days=1)


def error_name(error: FetchFailed) -> str:
    """The kind and HTTP status of an error, such as ``http 500``. Two errors with the same name count as the same.

    The message of the error is not compared, because it may contain a time or a number of bytes.
    """
    return f"{error.kind} {error.status}"


def is_repeated(state: FeedState, error: FetchFailed) -> bool:
    """Check whether the same error of the feed was reported less than a day before ``state.last_poll``."""
    if state.reported_at is None or state.reported_error != error_name(error):
        return False
    return timedelta() <= state.last_poll - state.reported_at < _REPORTED_FOR
