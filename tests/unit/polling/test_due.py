"""When a feed is due: one wait at a time. What servers see over weeks is in tests/polling."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clock import CHRISTMAS
from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import NEVER, FeedState, HostState
from feedarchive.polling.schedule import (
    NextPoll,
    after_document,
    after_no_news,
    backoff,
    host_state_after_poll,
    is_due,
    next_poll,
    rate_limited_until,
)

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


@pytest.mark.parametrize("kind", ["dns", "unreachable"])
def test_on_the_first_day_without_a_connection_the_wait_is_short(kind: str) -> None:
    """The network that is down may be ours."""
    down: dict[str, object] = {"failures": 6, "error_kind": kind, "error": "down"}
    assert wait(**down, failing_since=CHRISTMAS - 23 * HOURS) == (2 * HOURS, "backoff")
    assert wait(**down, failing_since=CHRISTMAS - 24 * HOURS) == (backoff("example", 6), "backoff")
    assert wait(**{**down, "error_kind": "timeout"}, failing_since=CHRISTMAS) == (backoff("example", 6), "backoff")


def test_backoff_differs_between_feeds_and_is_always_the_same_for_one() -> None:
    assert len({backoff(f"feed{n}", 3) for n in range(100)}) > 90
    assert backoff("feed", 3) == backoff("feed", 3)


def test_an_answer_ends_what_is_remembered_of_a_host_and_silence_does_not() -> None:
    host, failing = HostState(CHRISTMAS, 2), replace(POLLED, failing_since=CHRISTMAS, error_kind="x", failures=1)
    assert host_state_after_poll("example.org", host, POLLED, CHRISTMAS) is None
    assert host_state_after_poll("example.org", host, replace(failing, error_status=404), CHRISTMAS) is None
    assert host_state_after_poll("example.org", host, failing, CHRISTMAS) == host  # there was no answer at all
    again = host_state_after_poll(
        "example.org", host, replace(failing, error_status=429, retry_after=9 * HOURS), CHRISTMAS
    )
    assert again == HostState(CHRISTMAS + 9 * HOURS, 3)


def test_what_lies_too_far_ahead_was_said_before_the_clock_was_set_back() -> None:
    assert rate_limited_until(POLLED, HostState(CHRISTMAS + 8 * DAYS), CHRISTMAS) is None
    ahead = replace(POLLED, tried=CHRISTMAS + DAYS, retry_after=HOURS)
    assert rate_limited_until(ahead, None, CHRISTMAS) is None
    assert is_due(FEED, ahead, None, CHRISTMAS)


def test_a_gone_feed_stays_gone_though_the_clock_was_set_back() -> None:
    assert not is_due(FEED, replace(POLLED, gone=CHRISTMAS), None, CHRISTMAS - DAYS)


def shown(*numbers: int) -> dict[str, str]:
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
def test_how_fast_a_document_is_replaced(
    before: range, now: range, since: timedelta, turnover: timedelta | None, gap: bool
) -> None:
    state = replace(POLLED, wordings=shown(*before), succeeded=CHRISTMAS - since, news=None)
    found = after_document(state, shown(*now).keys())
    assert (found.turnover, found.news, found.gap) == (turnover, CHRISTMAS, CHRISTMAS if gap else None)


def test_after_another_address_nothing_is_a_gap() -> None:
    state = FeedState(tried=CHRISTMAS, wordings=shown(1, 2))
    assert after_document(state, shown(3, 4).keys()).gap is None


def test_without_news_a_busy_feed_is_asked_less_often() -> None:
    state = replace(POLLED, turnover=20 * MINUTES, wordings=shown(1))
    assert after_no_news(state).turnover == 40 * MINUTES
    assert after_document(state, shown(1).keys()).turnover == 40 * MINUTES
    assert after_no_news(replace(state, turnover=13 * HOURS)).turnover is None
