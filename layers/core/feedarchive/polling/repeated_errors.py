"""Whether an error was reported before: a server that fails now and then is reported once a day, not at every poll.

``status``, ``status.json`` and mails name a feed for as long as it fails, whenever the error was reported. Pure.
"""

from __future__ import annotations

from datetime import timedelta

from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.results import FetchFailed

_REPORTED_FOR = timedelta(days=1)


def error_name(error: FetchFailed) -> str:
    """What makes two errors the same: ``http 500``. Texts may contain a time or a number of bytes."""
    return f"{error.kind} {error.status}"


def is_repeated(state: FeedState, error: FetchFailed) -> bool:
    """Check whether the same error of this feed was reported within a day before ``state.last_poll``."""
    if state.reported_at is None or state.reported_error != error_name(error):
        return False
    return timedelta() <= state.last_poll - state.reported_at < _REPORTED_FOR
