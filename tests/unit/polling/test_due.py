"""When a feed is due: one wait at a time. What servers see over weeks is in tests/polling."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock import CHRISTMAS
from feedarchive.feeds.feed import Feed
from feedarchive.polling.due import NextPoll, backoff, host_after, is_due, next_poll, refused_until
from feedarchive.polling.state import NEVER, FeedState, HostState

MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)
FEED = Feed("https://example.org/feed", "example")
POLLED = FeedState(tried=CHRISTMAS, succeeded=CHRISTMAS, news=CHRISTMAS)


def wait(**known: object) -> tuple[timedelta | None, str]:
    found = next_poll(FEED, replace(POLLED, **known))  # type: ignore[arg-type]
    return (found.at - CHRISTMAS if found.at else None), found.why


def test_a_new_feed_is_due_now() -> None:
    assert next_poll(FEED, FeedState()) == NextPoll(NEVER, "new")
    assert is_due(FEED, FeedState(), None, CHRISTMAS)


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        ({}, (30 * MINUTES, "interval")),
        ({"news": CHRISTMAS - 6 * HOURS}, (30 * MINUTES, "interval")),
        ({"news": CHRISTMAS - 24 * HOURS}, (2 * HOURS, "quiet")),
        ({"news": CHRISTMAS - 400 * DAYS}, (6 * HOURS, "quiet")),
        ({"news": CHRISTMAS + 9 * DAYS}, (30 * MINUTES, "interval")),
        ({"turnover": 50 * MINUTES}, (25 * MINUTES, "busy")),
        ({"turnover": 1 * MINUTES}, (10 * MINUTES, "busy")),
        ({"turnover": 9 * HOURS}, (30 * MINUTES, "interval")),
        ({"fresh_for": 10 * MINUTES}, (30 * MINUTES, "interval")),
        ({"fresh_for": 45 * MINUTES}, (45 * MINUTES, "fresh")),
        ({"fresh_for": 45 * MINUTES, "turnover": 1 * MINUTES}, (45 * MINUTES, "fresh")),
        ({"fresh_for": 45 * DAYS}, (24 * HOURS, "fresh")),
        ({"every": 3 * HOURS}, (3 * HOURS, "publisher")),
        ({"every": 30 * DAYS}, (24 * HOURS, "publisher")),
        ({"failures": 3, "retry_after": 3 * HOURS}, (3 * HOURS, "retry-after")),
        ({"failures": 3, "retry_after": 90 * DAYS}, (7 * DAYS, "retry-after")),
        ({"failures": 7, "retry_after": 1 * HOURS}, (backoff("example", 7), "backoff")),
        ({"gone": CHRISTMAS}, (None, "gone")),
    ],
    ids=str,
)
def test_the_longest_wait_counts(known: dict[str, object], expected: tuple[timedelta | None, str]) -> None:
    assert wait(**known) == expected


def test_a_host_that_wants_to_be_left_alone_counts_for_feeds_never_polled_too() -> None:
    host = HostState(CHRISTMAS + 2 * HOURS)
    for state in (POLLED, FeedState()):
        assert next_poll(FEED, state, host) == NextPoll(host.until, "host")
        assert not is_due(FEED, state, host, host.until - timedelta(seconds=1))
        assert is_due(FEED, state, host, host.until)


def test_our_own_waits_may_end_a_minute_early_those_of_servers_not() -> None:
    """A schedule of 15 minutes never fires on the second."""
    almost = CHRISTMAS + 29 * MINUTES
    assert is_due(FEED, POLLED, None, almost)
    assert not is_due(FEED, POLLED, None, almost - timedelta(seconds=1))
    assert not is_due(FEED, replace(POLLED, fresh_for=30 * MINUTES + timedelta(seconds=1)), None, almost)


def test_a_feed_is_not_due_before_its_servers_word_has_passed_even_after_our_slack() -> None:
    state = replace(POLLED, fresh_for=HOURS)
    assert not is_due(FEED, state, None, CHRISTMAS + HOURS - timedelta(seconds=1))
    assert is_due(FEED, state, None, CHRISTMAS + HOURS)


@given(st.text(max_size=20), st.integers(1, 10_000))
def test_backoff_grows_to_a_day_and_never_over_it(name: str, failures: int) -> None:
    assert timedelta(minutes=22) <= backoff(name, failures) <= DAYS
    assert backoff(name, failures) >= 0.75 * min(30 * MINUTES * 2 ** min(failures - 1, 20), DAYS) - MINUTES


def test_backoff_differs_between_feeds_and_is_always_the_same_for_one() -> None:
    assert len({backoff(f"feed{n}", 3) for n in range(100)}) > 90
    assert backoff("feed", 3) == backoff("feed", 3)


def test_an_answer_ends_what_is_remembered_of_a_host_and_silence_does_not() -> None:
    host, failing = HostState(CHRISTMAS, 2), replace(POLLED, failing_since=CHRISTMAS, error_kind="x", failures=1)
    assert host_after("example.org", host, POLLED, CHRISTMAS) is None
    assert host_after("example.org", host, replace(failing, error_status=404), CHRISTMAS) is None
    assert host_after("example.org", host, failing, CHRISTMAS) == host  # there was no answer at all
    again = host_after("example.org", host, replace(failing, error_status=429, retry_after=9 * HOURS), CHRISTMAS)
    assert again == HostState(CHRISTMAS + 9 * HOURS, 3)


def test_what_lies_too_far_ahead_was_said_before_the_clock_was_set_back() -> None:
    assert refused_until(POLLED, HostState(CHRISTMAS + 8 * DAYS), CHRISTMAS) is None
    ahead = replace(POLLED, tried=CHRISTMAS + DAYS, retry_after=HOURS)
    assert refused_until(ahead, None, CHRISTMAS) is None
    assert is_due(FEED, ahead, None, CHRISTMAS)


def test_a_gone_feed_stays_gone_though_the_clock_was_set_back() -> None:
    assert not is_due(FEED, replace(POLLED, gone=CHRISTMAS), None, CHRISTMAS - DAYS)
