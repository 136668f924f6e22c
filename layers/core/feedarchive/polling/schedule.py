"""When a feed is polled next, and why then. Pure: the time is an argument, and randomness comes from a hash.

- There are several waits; the longest one counts.
- Cache headers and the document (ttl) can ask for at most a day, Retry-After for at most a week.
- An interval in feeds.toml overrules cache headers and ttl, but not Retry-After.
- Rate limits: see retry_after.py. Feeds that are gone (HTTP 410): see gone_feeds.py.
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
# Scheduled runs do not start exactly on time. Without this tolerance, a run that starts a few seconds early would poll
# nothing, and the feeds would wait for the next run.
_EARLY = timedelta(minutes=1)
# Errors that may mean that this machine is offline.
_UNCONNECTED = frozenset({FeedError.DNS, FeedError.UNREACHABLE})
_MAX_UNCONNECTED_BACKOFF = timedelta(hours=2)
# A quiet feed waits a twelfth of the time without a new entry: two hours after one day, six hours from three days on.
_QUIET_DIVISOR, _MAX_QUIET_INTERVAL = 12, timedelta(hours=6)
_MIN_BUSY_INTERVAL = timedelta(minutes=10)
# A poll that comes later than this after the last one counts as late: two and a half default intervals.
_LATE = timedelta(minutes=75)


class PollReason(Kind):
    """Why a feed is polled at its next time, and not earlier."""

    NEW = "new", "it was never polled"
    INTERVAL = "interval", "its interval in feeds.toml, or the default one"
    QUIET = "quiet", "it had no new entry for more than six hours, so it is polled less often"
    BUSY = "busy", "its entries are soon replaced by others, so it is polled more often"
    SPREAD = "spread", "second poll, at a random time: feeds added together are not polled together"
    FRESH = "fresh", "the server says how long its document stays fresh (Cache-Control, Expires)"
    PUBLISHER = "publisher", "the document says how often to poll it (ttl, sy:updatePeriod)"
    RETRY_AFTER = "retry-after", "the server says when to retry (Retry-After)"
    BACKOFF = "backoff", "it fails: the wait doubles with every failure, up to a day"
    HOST = "host", "its host limits how often it is polled (HTTP 429)"
    SAME_FEED = "same-feed", "it has moved to the URL of another feed, and only that one is polled"
    GONE = "gone", "the server says that it is gone for good (HTTP 410): it is polled once a month"


# The waits that this program chooses itself may end early, by up to _EARLY; those that the server or the document asks
# for may not.
_MAY_BE_EARLY = frozenset(
    {PollReason.INTERVAL, PollReason.QUIET, PollReason.BUSY, PollReason.SPREAD, PollReason.BACKOFF}
)


@dataclass(frozen=True)
class NextPoll:
    """When a feed is polled next, and the reason for the longest of its waits."""

    at: datetime
    reason: PollReason


def next_poll(feed: Feed, state: FeedState, host: HostState | None = None) -> NextPoll:
    """When a feed is polled next, according to its state and the state of its host."""
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
    """Is it time to poll the feed?

    A last poll in the future means that the clock was set back. The feed is then due, unless it is gone.
    """
    if rate_limited_until(state, host, now):
        return False
    following = next_poll(feed, state)
    if state.last_poll > now:
        return not state.gone_since
    return now >= following.at - (_EARLY if following.reason in _MAY_BE_EARLY else timedelta())


def after_document(state: FeedState, article_ids: Set[str]) -> FeedState:
    """The state after a document with these articles.

    Comparing them with the articles of the previous document shows how fast the feed changes (``turnover``). If no
    article of the previous document is left, entries may have been missed in between (``last_gap``).
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
    """The state after a poll without new entries: ``turnover`` doubles, so that a busy feed is polled half as often."""
    slower = state.turnover * 2 if state.turnover else None
    return replace(state, turnover=slower if slower and slower < timedelta(days=1) else None)


def _waits(feed: Feed, state: FeedState) -> Iterator[tuple[PollReason, timedelta]]:
    yield _own_wait(feed, state)
    if state.polled_once:
        yield PollReason.SPREAD, whole_seconds(feed.interval * (1 + stable_fraction(feed.id)))
    # An interval that the user has set overrules max-age and ttl, which are often wrong.
    if state.fresh_for and not feed.own_interval:
        yield PollReason.FRESH, min(state.fresh_for, _MAX_CACHE_TIME)
    if state.update_interval and not feed.own_interval:
        yield PollReason.PUBLISHER, min(state.update_interval, _MAX_CACHE_TIME)
    if state.failures and state.error_kind is not FeedError.SECRET:  # without the secret, no request is sent
        yield PollReason.BACKOFF, _backoff(feed, state)
    if state.retry_after:
        yield PollReason.RETRY_AFTER, min(state.retry_after, MAX_RETRY_AFTER)


def _backoff(feed: Feed, state: FeedState) -> timedelta:
    """How long to wait after failures.

    In the first day without a connection, at most two hours: this machine may be offline, and the feed should be polled
    soon after it is online again.
    """
    wait = backoff(feed.id, state.failures)
    first_day = state.failing_since is not None and state.last_poll - state.failing_since < timedelta(days=1)
    return min(wait, _MAX_UNCONNECTED_BACKOFF) if first_day and state.error_kind in _UNCONNECTED else wait


def _own_wait(feed: Feed, state: FeedState) -> tuple[PollReason, timedelta]:
    """The interval of the feed in feeds.toml, if set. Otherwise the default, shortened if busy, lengthened if quiet."""
    if feed.own_interval:
        return PollReason.INTERVAL, feed.own_interval
    if state.turnover is not None and state.turnover / 2 < DEFAULT_INTERVAL:
        return PollReason.BUSY, max(_MIN_BUSY_INTERVAL, whole_seconds(state.turnover / 2))
    quiet_for = state.last_poll - state.last_new_entry if state.last_new_entry else timedelta()
    quiet = min(_MAX_QUIET_INTERVAL, whole_seconds(quiet_for / _QUIET_DIVISOR))
    return (PollReason.QUIET, quiet) if quiet > DEFAULT_INTERVAL else (PollReason.INTERVAL, DEFAULT_INTERVAL)
