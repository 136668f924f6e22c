"""How long HTTP 429 limits a host: at least the backoff, which grows with every 429 in a row."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feedarchive.polling.backoff import backoff
from feedarchive.polling.feed_state import FeedState, HostState
from feedarchive.polling.retry_after import host_state_after_poll
from tests.harness.clock import CHRISTMAS

HOST = "example.org"
REFUSED = FeedState(CHRISTMAS, failing_since=CHRISTMAS, failures=1, error_status=429)


@pytest.mark.parametrize("refusals", [0, 1, 4])
@pytest.mark.parametrize("retry_after", [None, timedelta(seconds=60), timedelta(days=3), timedelta(days=30)])
def test_the_longer_of_backoff_and_retry_after_counts(refusals: int, retry_after: timedelta | None) -> None:
    before = HostState(CHRISTMAS, refusals) if refusals else None
    after = host_state_after_poll(HOST, before, replace(REFUSED, retry_after=retry_after), CHRISTMAS)
    longest = max(backoff(HOST, refusals + 1), min(retry_after or timedelta(), timedelta(days=7)))
    assert after == HostState(CHRISTMAS + longest, refusals + 1)


def test_the_backoff_grows_up_to_a_day() -> None:
    waits = [backoff(HOST, refusals) for refusals in range(1, 20)]
    assert timedelta(minutes=20) < waits[0] <= timedelta(minutes=30)
    assert waits[1] > waits[0] * 1.4
    assert all(timedelta(hours=18) <= wait <= timedelta(hours=24) for wait in waits[7:])


@pytest.mark.parametrize("status", [404, 410, 503])
def test_any_other_response_ends_the_limit(status: int) -> None:
    limited = HostState(CHRISTMAS + timedelta(hours=1), 3)
    polled = replace(REFUSED, error_status=status, retry_after=timedelta(hours=2))
    assert host_state_after_poll(HOST, limited, polled, CHRISTMAS) is None
    assert host_state_after_poll(HOST, limited, FeedState(CHRISTMAS), CHRISTMAS) is None


def test_without_a_response_nothing_is_known() -> None:
    limited = HostState(CHRISTMAS + timedelta(hours=1), 3)
    assert host_state_after_poll(HOST, limited, replace(REFUSED, error_status=0), CHRISTMAS) == limited
