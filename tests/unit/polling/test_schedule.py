"""When a feed is due, one wait at a time. tests/polling simulates weeks of polling."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedarchive.feeds.feed import Feed
from feedarchive.polling.backoff import backoff
from feedarchive.polling.feed_state import NEVER, FeedState, HostState
from feedarchive.polling.schedule import (
    NextPoll,
    PollReason,
    after_document,
    after_no_new_entry,
    is_due,
    next_poll,
)
from feedarchive.problems import FeedError
from tests.harness.clock import CHRISTMAS

MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FEED = Feed("https://example.org/feed", "example")
POLLED = FeedState(last_poll=CHRISTMAS, last_success=CHRISTMAS, last_new_entry=CHRISTMAS)


def wait_after(**state: object) -> tuple[timedelta, PollReason]:
    found = next_poll(FEED, replace(POLLED, **state))  # type: ignore[arg-type]
    return found.at - CHRISTMAS, found.reason


def test_a_new_feed_is_due_now() -> None:
    assert next_poll(FEED, FeedState()) == NextPoll(NEVER, PollReason.NEW)
    assert is_due(FEED, FeedState(), None, CHRISTMAS)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        ({}, (30 * MINUTES, PollReason.INTERVAL)),
        ({"last_new_entry": CHRISTMAS - 6 * HOURS}, (30 * MINUTES, PollReason.INTERVAL)),
        ({"last_new_entry": CHRISTMAS - 24 * HOURS}, (2 * HOURS, PollReason.QUIET)),
        ({"last_new_entry": CHRISTMAS - 400 * DAYS}, (6 * HOURS, PollReason.QUIET)),
        ({"last_new_entry": CHRISTMAS + 9 * DAYS}, (30 * MINUTES, PollReason.INTERVAL)),
        ({"turnover": 50 * MINUTES}, (25 * MINUTES, PollReason.BUSY)),
        ({"turnover": 1 * MINUTES}, (10 * MINUTES, PollReason.BUSY)),
        ({"turnover": 9 * HOURS}, (30 * MINUTES, PollReason.INTERVAL)),
        ({"fresh_for": 10 * MINUTES}, (30 * MINUTES, PollReason.INTERVAL)),
        ({"fresh_for": 45 * MINUTES}, (45 * MINUTES, PollReason.FRESH)),
        ({"fresh_for": 45 * MINUTES, "turnover": 1 * MINUTES}, (45 * MINUTES, PollReason.FRESH)),
        ({"fresh_for": 45 * DAYS}, (24 * HOURS, PollReason.FRESH)),
        ({"update_interval": 3 * HOURS}, (3 * HOURS, PollReason.PUBLISHER)),
        ({"update_interval": 30 * DAYS}, (24 * HOURS, PollReason.PUBLISHER)),
        ({"failures": 3, "retry_after": 3 * HOURS}, (3 * HOURS, PollReason.RETRY_AFTER)),
        ({"failures": 3, "retry_after": 90 * DAYS}, (7 * DAYS, PollReason.RETRY_AFTER)),
        ({"failures": 7, "retry_after": 1 * HOURS}, (backoff("example", 7), PollReason.BACKOFF)),
        ({"gone_since": CHRISTMAS}, (30 * DAYS, PollReason.GONE)),
    ],
    ids=str,
)
def test_the_longest_wait_counts(state: dict[str, object], expected: tuple[timedelta, PollReason]) -> None:
    assert wait_after(**state) == expected


@pytest.mark.parametrize("interval", [{"interval": 15 * MINUTES}, {"fixed_interval": True}])
def test_an_interval_of_the_user_overrules_caching_and_ttl_but_no_retry_after(interval: dict[str, object]) -> None:
    feed = replace(FEED, **interval)  # type: ignore[arg-type]
    state = replace(POLLED, fresh_for=DAYS, update_interval=DAYS, turnover=MINUTES)
    assert next_poll(feed, state) == NextPoll(CHRISTMAS + feed.interval, PollReason.INTERVAL)
    limited = replace(state, failures=1, retry_after=3 * HOURS)
    assert next_poll(feed, limited) == NextPoll(CHRISTMAS + 3 * HOURS, PollReason.RETRY_AFTER)


def test_a_rate_limited_host_also_delays_feeds_never_polled() -> None:
    host = HostState(CHRISTMAS + 2 * HOURS)
    for state in (POLLED, FeedState()):
        assert next_poll(FEED, state, host) == NextPoll(host.until, PollReason.HOST)
        assert not is_due(FEED, state, host, host.until - timedelta(seconds=1))
        assert is_due(FEED, state, host, host.until)


def test_only_our_own_waits_may_end_a_minute_early() -> None:
    """A scheduled job starts some seconds early or late, so our own waits have a tolerance of a minute."""
    almost = CHRISTMAS + 29 * MINUTES
    assert is_due(FEED, POLLED, None, almost)
    assert not is_due(FEED, POLLED, None, almost - timedelta(seconds=1))
    assert not is_due(FEED, replace(POLLED, fresh_for=30 * MINUTES + timedelta(seconds=1)), None, almost)


def test_a_wait_of_the_server_does_not_end_early() -> None:
    state = replace(POLLED, fresh_for=HOURS)
    assert not is_due(FEED, state, None, CHRISTMAS + HOURS - timedelta(seconds=1))
    assert is_due(FEED, state, None, CHRISTMAS + HOURS)


@given(st.text(max_size=20), st.integers(1, 10_000))
def test_backoff_grows_to_a_day(name: str, failures: int) -> None:
    assert timedelta(minutes=22) <= backoff(name, failures) <= DAYS
    assert backoff(name, failures) >= 0.75 * min(30 * MINUTES * 2 ** min(failures - 1, 20), DAYS) - MINUTES


@pytest.mark.parametrize("kind", [FeedError.DNS, FeedError.UNREACHABLE])
def test_backoff_is_short_on_the_first_day_without_a_connection(kind: FeedError) -> None:
    """This machine may be the one that is offline."""
    down: dict[str, object] = {"failures": 6, "error_kind": kind, "error": "down"}
    assert wait_after(**down, failing_since=CHRISTMAS - 23 * HOURS) == (2 * HOURS, PollReason.BACKOFF)
    assert wait_after(**down, failing_since=CHRISTMAS - 24 * HOURS) == (backoff("example", 6), PollReason.BACKOFF)
    assert wait_after(**{**down, "error_kind": FeedError.TIMEOUT}, failing_since=CHRISTMAS) == (
        backoff("example", 6),
        PollReason.BACKOFF,
    )


def test_backoff_differs_between_feeds_and_is_stable_for_each() -> None:
    assert len({backoff(f"feed{n}", 3) for n in range(100)}) > 90
    assert backoff("feed", 3) == backoff("feed", 3)


def test_a_gone_feed_stays_gone_even_if_the_clock_was_set_back() -> None:
    assert not is_due(FEED, replace(POLLED, gone_since=CHRISTMAS), None, CHRISTMAS - DAYS)


def wordings(*numbers: int) -> dict[str, str]:
    return {f"id{n}": "wording" for n in numbers}


@pytest.mark.parametrize(
    ("before", "now", "since", "turnover", "gap"),
    [
        (range(10), range(5, 15), 30 * MINUTES, 60 * MINUTES, False),
        (range(10), range(9, 19), 30 * MINUTES, 30 * MINUTES * 10 / 9, False),
        (range(10), range(10, 20), 30 * MINUTES, 20 * MINUTES, True),
        (range(10), range(10, 20), 12 * MINUTES, 12 * MINUTES, True),
        (range(10), range(10, 20), 2 * DAYS, 2 * DAYS, True),
        (range(1), range(1, 2), 6 * HOURS, 6 * HOURS, True),
        ((), range(10), 30 * MINUTES, None, False),
    ],
)
def test_turnover_and_gaps(before: range, now: range, since: timedelta, turnover: timedelta | None, gap: bool) -> None:
    state = replace(POLLED, wordings=wordings(*before), last_success=CHRISTMAS - since, last_new_entry=None)
    found = after_document(state, wordings(*now).keys())
    assert (found.turnover, found.last_new_entry, found.last_gap) == (turnover, CHRISTMAS, CHRISTMAS if gap else None)


def test_a_changed_url_is_not_a_gap() -> None:
    state = FeedState(last_poll=CHRISTMAS, wordings=wordings(1, 2))
    assert after_document(state, wordings(3, 4).keys()).last_gap is None


def test_a_busy_feed_without_new_entries_is_polled_less_often() -> None:
    state = replace(POLLED, turnover=20 * MINUTES, wordings=wordings(1))
    assert after_no_new_entry(state).turnover == 40 * MINUTES
    assert after_document(state, wordings(1).keys()).turnover == 40 * MINUTES
    assert after_no_new_entry(replace(state, turnover=13 * HOURS)).turnover is None
