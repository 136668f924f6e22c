"""When a feed is to be polled next, and why then. Pure: the time is a value, chance comes from a hash.

The longest of all waits counts. What a server or publisher says about its feed goes before everything else: nothing
here shortens it, and nothing it says keeps a feed unpolled for longer than a day (a week, where it refused us).
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator, Set
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from feedarchive.feeds.feed import DEFAULT_INTERVAL, Feed
from feedarchive.polling.feed_state import NEVER, FeedState, HostState

# A schedule of 15 minutes never fires on the second: without it, every second run would come too early.
_SLACK = timedelta(minutes=1)
_MAX_CACHE_TIME = timedelta(hours=24)  # of Cache-Control, Expires, ttl, sy:update*
MAX_RETRY_AFTER = timedelta(days=7)  # of Retry-After
_FIRST_BACKOFF, _MAX_BACKOFF = timedelta(minutes=30), timedelta(hours=24)
_UNCONNECTED, _MAX_UNCONNECTED_BACKOFF = {"dns", "unreachable"}, timedelta(hours=2)
# Silent for a day: asked every two hours. Silent for three days and more: every six hours.
_QUIET_PART, _MAX_QUIET_INTERVAL = 12, timedelta(hours=6)
_MIN_BUSY_INTERVAL, _NOT_LATE = timedelta(minutes=10), timedelta(minutes=75)


@dataclass(frozen=True)
class NextPoll:
    """``at`` is None for a feed that is not polled any more. ``why`` is the wait that is the longest: "new",
    "interval", "quiet", "busy", "spread", "fresh" (Cache-Control, Expires), "publisher" (ttl, sy:update*),
    "retry-after", "backoff", "host" (it answered 429) or "gone".
    """

    at: datetime | None
    why: str


def next_poll(feed: Feed, state: FeedState, host: HostState | None = None) -> NextPoll:
    """When a feed is polled next, given what is known of it and of its host."""
    if state.gone:
        return NextPoll(None, "gone")
    if state.tried == NEVER:
        return NextPoll(host.until, "host") if host else NextPoll(NEVER, "new")
    why, wait = max(_waits(feed, state), key=lambda each: each[1])
    if host and host.until > state.tried + wait:
        return NextPoll(host.until, "host")
    return NextPoll(state.tried + wait, why)


def is_due(feed: Feed, state: FeedState, host: HostState | None, now: datetime) -> bool:
    """Is it time? A clock set back makes a feed due, and nothing that is said of a time too far away counts."""
    if rate_limited_until(state, host, now):
        return False
    at, why = (found := next_poll(feed, state)).at, found.why
    if at is None or state.tried > now:
        return at is not None
    return now >= at - (_SLACK if why in _OWN else timedelta())


_OWN = {"interval", "quiet", "busy", "spread", "backoff"}  # our own waits, which may end a little early


def rate_limited_until(state: FeedState, host: HostState | None, now: datetime) -> datetime | None:
    """Until when the server asked us, by a 429 or by Retry-After, not to come again; None if we may ask now."""
    times = []
    if host:
        times.append(host.until)
    if state.retry_after and state.tried <= now:
        times.append(state.tried + min(state.retry_after, MAX_RETRY_AFTER))
    # Later than any wait can be: the clock was set back.
    waiting = [time for time in times if now < time <= now + MAX_RETRY_AFTER]
    return max(waiting, default=None)


def host_state_after_poll(name: str, host: HostState | None, answered: FeedState, now: datetime) -> HostState | None:
    """What is known of a host after one of its feeds was polled: a 429 is the host's word, and any other answer
    ends it. Without Retry-After the wait grows with every 429 in a row."""
    if answered.error_status == 429 and answered.failing_since:
        refusals = host.refusals + 1 if host else 1
        wait = min(answered.retry_after or timedelta(), MAX_RETRY_AFTER)
        return HostState(now + max(wait, backoff(name, refusals)), refusals)
    reached = answered.failing_since is None or answered.error_status
    return None if reached else host


def after_document(state: FeedState, shown: Set[str]) -> FeedState:
    """What the articles that a document shows, by id, tell of how often to come, next to those of the document
    before. If nothing of that is left though we did not come late, the feed is faster than we are."""
    fresh = len(shown - state.wordings.keys())
    if not fresh:
        return after_no_news(state)
    if not state.wordings or state.succeeded == NEVER:
        return replace(state, news=state.tried)
    since = max(state.tried - state.succeeded, timedelta(seconds=1))
    state = replace(state, news=state.tried, turnover=since * len(shown) / fresh)
    if fresh < len(shown):
        return state
    return replace(state, gap=state.tried, turnover=min(since, 2 * _MIN_BUSY_INTERVAL) if since <= _NOT_LATE else since)


def after_no_news(state: FeedState) -> FeedState:
    """A busy feed that had no news may be polled half as often; soon its interval is enough again."""
    slower = state.turnover * 2 if state.turnover else None
    return replace(state, turnover=slower if slower and slower < timedelta(days=1) else None)


def backoff(name: str, failures: int) -> timedelta:
    """How long to wait after so many failures in a row: twice as long each time, up to a day, less up to a quarter
    that differs from feed to feed and from time to time."""
    longest = min(_MAX_BACKOFF, _FIRST_BACKOFF * 2 ** min(max(failures, 1) - 1, 10))
    return _whole_seconds(longest * (0.75 + 0.25 * _fraction(f"{name} {failures}")))


def _waits(feed: Feed, state: FeedState) -> Iterator[tuple[str, timedelta]]:
    yield _own_wait(feed, state)
    if state.newcomer:
        # Feeds that were subscribed together are not polled together for ever.
        yield "spread", _whole_seconds(feed.interval * (1 + _fraction(feed.id)))
    if state.fresh_for:
        yield "fresh", min(state.fresh_for, _MAX_CACHE_TIME)
    if state.every:
        yield "publisher", min(state.every, _MAX_CACHE_TIME)
    if state.failures:
        yield "backoff", _backoff_of(feed, state)
    if state.retry_after:
        yield "retry-after", min(state.retry_after, MAX_RETRY_AFTER)


def _backoff_of(feed: Feed, state: FeedState) -> timedelta:
    """On the first day without any connection not longer than two hours: the network that is down may be ours, no
    server is troubled, and the feed should not wait for as long again when it is back."""
    wait = backoff(feed.id, state.failures)
    first_day = state.failing_since is not None and state.tried - state.failing_since < timedelta(days=1)
    return min(wait, _MAX_UNCONNECTED_BACKOFF) if first_day and state.error_kind in _UNCONNECTED else wait


def _own_wait(feed: Feed, state: FeedState) -> tuple[str, timedelta]:
    """The feed's interval. One that is written in feeds.toml is taken at its word; the default one is shorter for a
    feed whose document is soon replaced, and longer for one that has been silent."""
    if feed.interval != DEFAULT_INTERVAL:
        return "interval", feed.interval
    if state.turnover is not None and state.turnover / 2 < DEFAULT_INTERVAL:
        return "busy", max(_MIN_BUSY_INTERVAL, _whole_seconds(state.turnover / 2))
    silent = state.tried - state.news if state.news else timedelta()
    quiet = min(_MAX_QUIET_INTERVAL, _whole_seconds(silent / _QUIET_PART))
    return ("quiet", quiet) if quiet > DEFAULT_INTERVAL else ("interval", DEFAULT_INTERVAL)


def _fraction(text: str) -> float:
    """A number from 0 to 1 that is always the same for the same text."""
    return int.from_bytes(hashlib.sha256(text.encode()).digest()[:4], "big") / 2**32


def _whole_seconds(span: timedelta) -> timedelta:
    return timedelta(seconds=int(span.total_seconds()))
