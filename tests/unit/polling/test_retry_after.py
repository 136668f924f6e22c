"""Retry-After and HTTP 429: every form of the header, and until when feeds and hosts are rate limited."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import FeedState, HostState
from feedarchive.polling.retry_after import host_state_after_poll, parse_retry_after, rate_limited_until
from feedarchive.polling.schedule import is_due
from feedarchive.problems import FeedError
from tests.harness.clock import CHRISTMAS

NOW = "Thu, 25 Dec 2025 10:00:00 GMT"
IN_AN_HOUR = "Thu, 25 Dec 2025 11:00:00 GMT"
WRONG_CLOCK = datetime(2031, 1, 1, tzinfo=UTC)  # the clock of this machine: it must have no effect
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
FEED = Feed("https://example.org/feed", "example")
POLLED = FeedState(last_poll=CHRISTMAS, last_success=CHRISTMAS, last_new_entry=CHRISTMAS)


@pytest.mark.parametrize(
    ("headers", "seconds"),
    [
        ({}, None),
        ({"retry-after": "120"}, 120),
        ({"retry-after": " 120 "}, 120),
        ({"retry-after": "0"}, 0),
        ({"retry-after": "1.5"}, 1),
        ({"retry-after": "120, 60"}, 120),
        ({"retry-after": "-5"}, None),
        ({"retry-after": ""}, None),
        ({"retry-after": "a while"}, None),
        ({"retry-after": "999999999"}, 999999999),
        ({"date": NOW, "retry-after": str(int(CHRISTMAS.timestamp()) + 90)}, 90),
        ({"date": NOW, "retry-after": f"{int(CHRISTMAS.timestamp()) + 90}000"}, 90),
        ({"retry-after": "1700000000"}, 0),
        ({"retry-after": IN_AN_HOUR, "date": NOW}, 3600),
        ({"retry-after": "Thursday, 25-Dec-25 11:00:00 GMT", "date": NOW}, 3600),
        ({"retry-after": NOW, "date": IN_AN_HOUR}, 0),
        ({"retry-after": "Fri, 31 Dec 9999 23:59:59 -2300", "date": NOW}, None),
    ],
)
def test_how_long_a_server_asks_to_wait(headers: dict[str, str], seconds: int | None) -> None:
    expected = None if seconds is None else timedelta(seconds=seconds)
    assert parse_retry_after(headers, WRONG_CLOCK) == expected


@pytest.mark.parametrize("date", ["", "yesterday", "Thu, 25 Dec"])
def test_the_clock_of_this_machine_is_used_without_a_date_of_the_server(date: str) -> None:
    assert parse_retry_after({"retry-after": IN_AN_HOUR, "date": date}, CHRISTMAS) == HOUR


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_header_gives_a_wait_or_none(value: str, date: str) -> None:
    wait = parse_retry_after({"retry-after": value, "date": date}, CHRISTMAS)
    assert wait is None or wait >= timedelta(0)


def test_any_response_but_429_ends_the_limit_of_a_host() -> None:
    host, failing = (
        HostState(CHRISTMAS, 2),
        replace(POLLED, failing_since=CHRISTMAS, error_kind=FeedError.TIMEOUT, failures=1),
    )
    assert host_state_after_poll("example.org", host, POLLED, CHRISTMAS) is None
    assert host_state_after_poll("example.org", host, replace(failing, error_status=404), CHRISTMAS) is None
    # A poll without a response leaves the limit as it is.
    assert host_state_after_poll("example.org", host, failing, CHRISTMAS) == host
    again = host_state_after_poll(
        "example.org", host, replace(failing, error_status=429, retry_after=9 * HOUR), CHRISTMAS
    )
    assert again == HostState(CHRISTMAS + 9 * HOUR, 3)


def test_a_limit_too_far_ahead_is_ignored_since_the_clock_was_set_back() -> None:
    assert rate_limited_until(POLLED, HostState(CHRISTMAS + 8 * DAY), CHRISTMAS) is None
    ahead = replace(POLLED, last_poll=CHRISTMAS + DAY, retry_after=HOUR)
    assert rate_limited_until(ahead, None, CHRISTMAS) is None
    assert is_due(FEED, ahead, None, CHRISTMAS)
