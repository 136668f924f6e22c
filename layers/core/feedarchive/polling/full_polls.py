"""When a feed is fetched in full although the server says "not modified" (HTTP 304). Pure.

Some servers always say so, even when the feed has changed.
"""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.validators import NO_VALIDATORS, Validators

# This ensures at least one full poll a week, because cache headers can delay it by at most one more day.
_VERIFIED_AFTER = timedelta(days=6)
UNTRUE_304_FOR = timedelta(days=30)
"""How long no validators are sent after an untrue "not modified". After that, the server may have been repaired."""
_DOUBTFUL_STATUSES = frozenset({HTTPStatus.PRECONDITION_FAILED, HTTPStatus.INTERNAL_SERVER_ERROR})
_DOUBTFUL_FAILURES = 3  # in a row


def is_verification_due(state: FeedState, now: datetime) -> bool:
    """Must "not modified" be verified? Yes if the server has said it for days, or if the clock was set back."""
    since = state.unmodified_since
    return since is not None and not since <= now < since + _VERIFIED_AFTER


def validators_to_send(state: FeedState) -> Validators:
    """The validators for the next request. There are none if "not modified" was untrue in the last 30 days."""
    if state.untrue_304 and abs(state.last_poll - state.untrue_304) < UNTRUE_304_FOR:
        return NO_VALIDATORS
    return Validators(state.etag, state.last_modified, state.validators_url)


def after_not_modified(state: FeedState, now: datetime) -> FeedState:
    """The state after "not modified". ``unmodified_since`` keeps the time of the first such answer in a row."""
    since = state.unmodified_since
    return replace(state, unmodified_since=since if since and since <= now else now)


def without_doubtful_validators(state: FeedState) -> FeedState:
    """The state after a failure. The validators are dropped if they may have caused it, or after several failures."""
    doubtful = state.error_status in _DOUBTFUL_STATUSES or state.failures >= _DOUBTFUL_FAILURES
    return replace(state, etag="", last_modified="", validators_url="", unmodified_since=None) if doubtful else state
