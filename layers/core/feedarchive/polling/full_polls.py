"""When a feed is fetched in full although the server says that it is unchanged: some servers always say so. Pure."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from http import HTTPStatus

from feedarchive.polling.feed_state import FeedState

# At least one full poll a week: this is a week minus one day, the longest wait that caching can ask for.
_VERIFIED_AFTER = timedelta(days=6)
UNTRUE_304_FOR = timedelta(days=30)
"""How long no validators are sent after an untrue "not modified". After that, the server may have been repaired."""
_DOUBTFUL_STATUSES = frozenset({HTTPStatus.PRECONDITION_FAILED, HTTPStatus.INTERNAL_SERVER_ERROR})
_DOUBTFUL_FAILURES = 3  # in a row


def is_verification_due(state: FeedState, now: datetime) -> bool:
    """Must "not modified" be verified, because the server has said it for days or because the clock was set back?"""
    since = state.unmodified_since
    return since is not None and not since <= now < since + _VERIFIED_AFTER


def validators_to_send(state: FeedState) -> tuple[str, str]:
    """ETag and Last-Modified for the next request; "" for a server whose "not modified" was untrue lately."""
    if state.untrue_304 and abs(state.last_poll - state.untrue_304) < UNTRUE_304_FOR:
        return "", ""
    return state.etag, state.last_modified


def after_not_modified(state: FeedState, now: datetime) -> FeedState:
    """The state after "not modified". It keeps the time of the first one in a row."""
    since = state.unmodified_since
    return replace(state, unmodified_since=since if since and since <= now else now)


def without_doubtful_validators(state: FeedState) -> FeedState:
    """The state after a failure: without validators, if they may have caused it or there were several failures."""
    doubtful = state.error_status in _DOUBTFUL_STATUSES or state.failures >= _DOUBTFUL_FAILURES
    return replace(state, etag="", last_modified="", validators_url="", unmodified_since=None) if doubtful else state
