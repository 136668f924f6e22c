"""Decide when to fetch a feed in full although the server says "not modified" (HTTP 304). Pure functions.

Some servers send HTTP 304 even if the feed has changed. A full fetch sends no validators, so the server has to send the
document.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.validators import NO_VALIDATORS, Validators

# Every feed is fetched in full at least once a week: after six days, and up to one day later because of cache headers.
_VERIFIED_AFTER = timedelta(days=6)
UNTRUE_304_FOR = timedelta(days=30)
"""After a wrong "not modified", no validators are sent to the server for this long."""
# Some servers fail with one of these statuses if they do not understand a validator.
_DOUBTFUL_STATUSES = frozenset({HTTPStatus.PRECONDITION_FAILED, HTTPStatus.INTERNAL_SERVER_ERROR})
# After this many failures in a row, the next request has no validators, because the validators may be the cause.
_DOUBTFUL_FAILURES = 3


def is_verification_due(state: FeedState, now: datetime) -> bool:
    """Check whether a "not modified" must be verified by a full fetch at this poll.

    This is the case after six days of "not modified", or if the clock was set back.
    """
    since = state.unmodified_since
    return since is not None and not since <= now < since + _VERIFIED_AFTER


def validators_to_send(state: FeedState) -> Validators:
    """Return the validators for the next request.

    They are empty if the server has wrongly said "not modified" in the last 30 days.
    """
    if state.untrue_304 and abs(state.last_poll - state.untrue_304) < UNTRUE_304_FOR:
        return NO_VALIDATORS
    return Validators(state.etag, state.last_modified, state.validators_url)


def after_not_modified(state: FeedState, now: datetime) -> FeedState:
    """Return the state of a feed after its server said "not modified"."""
    since = state.unmodified_since
    return replace(state, unmodified_since=since if since and since <= now else now)


def without_doubtful_validators(state: FeedState) -> FeedState:
    """Return the state of a feed after a failure, without its validators if they may have caused the failure."""
    doubtful = state.error_status in _DOUBTFUL_STATUSES or state.failures >= _DOUBTFUL_FAILURES
    return replace(state, etag="", last_modified="", validators_url="", unmodified_since=None) if doubtful else state
