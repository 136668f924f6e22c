"""Whether an error was reported before. A server that fails now and then is reported once a day. Pure.

This concerns the reports of runs only: ``status``, ``status.json`` and mails name a feed for as long as it fails.
"""

from __future__ import annotations

from datetime import timedelta

from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.results import FetchFailed

_REPORTED_FOR = timedelta(days=1)


def error_name(error: FetchFailed) -> str:
    """The kind and HTTP status of an error, such as ``http 500``. Two errors with the same name count as the same.

    The text of the error is not part of the name, because it may contain a time or a number of bytes.
    """
    return f"{error.kind} {error.status}"


def is_repeated(state: FeedState, error: FetchFailed) -> bool:
    """Was the same error of this feed reported less than a day before ``state.last_poll``?"""
    if state.reported_at is None or state.reported_error != error_name(error):
        return False
    return timedelta() <= state.last_poll - state.reported_at < _REPORTED_FOR
