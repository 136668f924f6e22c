"""Decide when a feed is polled next, and for which reason. Pure functions.

- There may be several reasons to wait. The longest wait counts.
- Cache headers and the document's ttl can delay a poll by at most a day, Retry-After by at most a week.
- If feeds.toml has an interval for the feed, cache headers and ttl are ignored, but Retry-After still counts.
"""

from __future__ import annotations

from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedarchive.feeds.feed import DEFAULT_INTERVAL, Feed
from feedarchive.kinds import Kind
from feedarchive.polling.backoff import backoff, stable_fraction, whole_seconds
from feedarchive.polling.feed_state import NEVER, FeedState, HostState
from feedarchive.polling.gone_feeds import GONE_INTERVAL
from feedarchive.polling.moved_together import SAME_FEED_INTERVAL
from feedarchive.polling.retry_after import MAX_RETRY_AFTER, rate_limited_until
from feedarchive.problems import FeedError

_MAX_CACHE_TIME = timedelta(hours=24)
# A feed is due up to a minute before its time. Otherwise, a scheduled run that starts a few seconds early would poll
# nothing.
_EARLY = timedelta(minutes=1)
# Errors that may mean that this machine is offline.
_UNCONNECTED = frozenset({FeedError.DNS, FeedError.UNREACHABLE})
_MAX_UNCONNECTED_BACKOFF = timedelta(hours=2)
# The wait for a quiet feed is a twelfth of the time since its last new entry, but at most six hours.
_QUIET_DIVISOR, _MAX_QUIET_INTERVAL = 12, timedelta(hours=6)
_MIN_BUSY_INTERVAL = timedelta(minutes=10)
# A poll is late if more time than this has passed since the last successful poll.
_LATE = 2.5 * DEFAULT_INTERVAL


class PollReason(Kind):
    """The reason why the next poll of a feed is not earlier."""

    NEW = "new", "the feed was never polled"
    INTERVAL = "interval", "the feed's interval in feeds.toml, or the default interval"
    QUIET = "quiet", "the feed had no new entry for more than six hours, so it is polled less often"
    BUSY = "busy", "entries are in the feed only for a short time, so it is polled more often"
    SPREAD = "spread", "the second poll is at a random time, so that new feeds are not all polled at the same time"
    FRESH = "fresh", "the server says how long the document stays fresh (Cache-Control, Expires)"
    PUBLISHER = "publisher", "the document says how often it should be polled (ttl, sy:updatePeriod)"
    RETRY_AFTER = "retry-after", "the server says when to retry (Retry-After)"
    BACKOFF = "backoff", "the feed fails: the wait doubles with every failure, up to a day"
    HOST = "host", "the feed's host limits how often it may be polled (HTTP 429)"
    SAME_FEED = "same-feed", "the feed has moved to the URL of another feed, and only the other feed is polled"
    GONE = "gone", "the server says that the feed is gone for good (HTTP 410): it is polled once a month"


# A wait for one of these reasons may be shortened by _EARLY. A wait that the server or the document asks for is never
# shortened.
_MAY_BE_EARLY = frozenset(
    {PollReason.INTERVAL, PollReason.QUIET, PollReason.BUSY, PollReason.SPREAD, PollReason.BACKOFF}
)


@dataclass(frozen=True)
class NextPoll:
    """When a feed is polled next, and the reason why it is not polled earlier."""

    at: datetime
    reason: PollReason


def next_poll(feed: Feed, state: FeedState, host: HostState | None = None) -> NextPoll:
    """Decide when a feed is polled next, from its state and the state of its host (None if the host has no state)."""
    if state.gone_since:
        return NextPoll(state.last_poll + GONE_INTERVAL, PollReason.GONE)
    if state.same_as:
        return NextPoll(state.last_poll + SAME_FEED_INTERVAL, PollReason.SAME_FEED)
    if state.last_poll == NEVER:
        return NextPoll(host.until, PollReason.HOST) if host else NextPoll(NEVER, PollReason.NEW)
    reason, wait = max(_waits(feed, state), key=lambda each: each[1])
    if host and host.until > state.last_poll + wait:
        return NextPoll(host.until, PollReason.HOST)
    return NextPoll(state.last_poll + wait, reason)


def is_due(feed: Feed, state: FeedState, host: HostState | None, now: datetime) -> bool:
    """Check whether it is time to poll the feed.

    If the time of its last poll is in the future, the clock was set back. Then the feed is due, unless the server has
    said that it is gone (HTTP 410).
    """
    if rate_limited_until(state, host, now):
        return False
    following = next_poll(feed, state)
    if state.last_poll > now:
        return not state.gone_since
    return now >= following.at - (_EARLY if following.reason in _MAY_BE_EARLY else timedelta())


def after_document(state: FeedState, article_ids: Set[str]) -> FeedState:
    """Return the state of a feed after a poll that got a document with these articles.

    Updates ``last_new_entry``, ``turnover`` and ``last_gap``, which FeedState describes.
    """
    new = len(article_ids - state.wordings.keys())
    if not new:
        return after_no_new_entry(state)
    if not state.wordings or state.last_success == NEVER:
        return replace(state, last_new_entry=state.last_poll)
    since = max(state.last_poll - state.last_success, timedelta(seconds=1))
    state = replace(state, last_new_entry=state.last_poll, turnover=since * len(article_ids) / new)
    if new < len(article_ids):
        return state
    turnover = min(since, 2 * _MIN_BUSY_INTERVAL) if since <= _LATE else since
    return replace(state, last_gap=state.last_poll, turnover=turnover)


def after_no_new_entry(state: FeedState) -> FeedState:
    """Return the state of a feed after a poll without new entries.

    ``turnover`` (see FeedState) is doubled, so that a busy feed is polled half as often.
    """
    slower = state.turnover * 2 if state.turnover else None
    return replace(state, turnover=slower if slower and slower < timedelta(days=1) else None)


def _waits(feed: Feed, state: FeedState) -> Iterator[tuple[PollReason, timedelta]]:
    yield _own_wait(feed, state)
    if state.polled_once:
        yield PollReason.SPREAD, whole_seconds(feed.interval * (1 + stable_fraction(feed.id)))
    # If feeds.toml has an interval for the feed, the cache headers (FRESH) and the document's ttl (PUBLISHER) are
    # ignored, because they are often wrong.
    if state.fresh_for and not feed.own_interval:
        yield PollReason.FRESH, min(state.fresh_for, _MAX_CACHE_TIME)
    if state.update_interval and not feed.own_interval:
        yield PollReason.PUBLISHER, min(state.update_interval, _MAX_CACHE_TIME)
    # If a secret is missing, no request is sent, so the wait does not grow.
    if state.failures and state.error_kind is not FeedError.SECRET:
        yield PollReason.BACKOFF, _backoff(feed, state)
    if state.retry_after:
        yield PollReason.RETRY_AFTER, min(state.retry_after, MAX_RETRY_AFTER)


def _backoff(feed: Feed, state: FeedState) -> timedelta:
    """Return how long to wait after failures.

    If there is no connection, this machine may be offline. The wait is then at most two hours on the first day.
    """
    wait = backoff(feed.id, state.failures)
    first_day = state.failing_since is not None and state.last_poll - state.failing_since < timedelta(days=1)
    return min(wait, _MAX_UNCONNECTED_BACKOFF) if first_day and state.error_kind in _UNCONNECTED else wait


def _own_wait(feed: Feed, state: FeedState) -> tuple[PollReason, timedelta]:
    """Return the usual wait between two polls of a feed, and its reason.

    It is the interval of the feed in feeds.toml. If there is none, it is the default interval, but shorter for a busy
    feed and longer for a quiet feed.
    """
    if feed.own_interval:
        return PollReason.INTERVAL, feed.own_interval
    if state.turnover is not None and state.turnover / 2 < DEFAULT_INTERVAL:
        return PollReason.BUSY, max(_MIN_BUSY_INTERVAL, whole_seconds(state.turnover / 2))
    quiet_for = state.last_poll - state.last_new_entry if state.last_new_entry else timedelta()
    quiet = min(_MAX_QUIET_INTERVAL, whole_seconds(quiet_for / _QUIET_DIVISOR))
    return (PollReason.QUIET, quiet) if quiet > DEFAULT_INTERVAL else (PollReason.INTERVAL, DEFAULT_INTERVAL)
