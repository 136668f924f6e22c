"""Compute when a feed or host may be requested again after Retry-After or HTTP 429. Pure functions.

HTTP 429 limits the whole host. Retry-After with any other status limits only the feed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from http import HTTPStatus

from feedarchive.polling.backoff import backoff
from feedarchive.polling.cache_headers import http_date, parse_seconds, response_date
from feedarchive.polling.feed_state import FeedState, HostState

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_MILLISECONDS = re.compile(r"[12][0-9]{12}")  # a time in milliseconds since 1970
_MIN_EPOCH = timedelta(seconds=10**9)
"""A Retry-After of this size or more is a time since 1970, not a wait: nobody asks to wait for 31 years."""
MAX_RETRY_AFTER = timedelta(days=7)
"""A longer Retry-After is shortened to this wait."""


def parse_retry_after(headers: Mapping[str, str], received: datetime) -> timedelta | None:
    """Return how long the server asks to wait; None if there is no valid Retry-After header.

    Retry-After is a number of seconds or a date. Some servers send a date as seconds or milliseconds since 1970.

    A date is compared with the Date header of the response, because the clock of the server may be wrong. Without a
    Date header, it is compared with ``received``. If the date is in the past, the wait is zero.

    The names of ``headers`` must be lower-case.
    """
    value = headers.get("retry-after", "").strip()
    if _MILLISECONDS.fullmatch(value):
        value = value[:-3]
    seconds = parse_seconds(value.partition(",")[0] if value[:1].isdigit() else value)
    if seconds is not None and seconds < _MIN_EPOCH:
        return seconds
    until = http_date(value) if seconds is None else _EPOCH + seconds
    return max(timedelta(0), until - response_date(headers, received)) if until else None


def rate_limited_until(state: FeedState, host: HostState | None, now: datetime) -> datetime | None:
    """Return the time before which the feed must not be requested; None if it may be requested now."""
    limits = []
    if host:
        limits.append(host.until)
    if state.retry_after and state.last_poll <= now:
        limits.append(state.last_poll + min(state.retry_after, MAX_RETRY_AFTER))
    # A time after now + MAX_RETRY_AFTER comes from a wrong clock, so it is ignored.
    return max((limit for limit in limits if now < limit <= now + MAX_RETRY_AFTER), default=None)


def rate_limited_message(received: datetime, wait: timedelta) -> str:
    """Say how long a rate limit lasts, such as ``rate limited until 2025-12-25 10:00 UTC``."""
    try:
        return f"rate limited until {received + wait:%Y-%m-%d %H:%M} UTC"
    except OverflowError:
        return "rate limited until after the year 9999"


def host_state_after_poll(name: str, host: HostState | None, polled: FeedState, now: datetime) -> HostState | None:
    """Return the new state of a host after one of its feeds was polled; None if the host has no rate limit.

    - If the response is HTTP 429, the host must not be requested for some time. This time grows with each HTTP 429 in a
      row, and is at least as long as Retry-After says.
    - Any other response ends the rate limit.
    - If there is no response, the state does not change.

    Parameters:

    - ``name``: the name of the host.
    - ``host``: the state of the host before the poll.
    - ``polled``: the state of the feed after the poll.
    """
    if polled.error_status == HTTPStatus.TOO_MANY_REQUESTS and polled.failing_since:
        refusals = host.refusals + 1 if host else 1
        wait = min(polled.retry_after or timedelta(), MAX_RETRY_AFTER)
        return HostState(now + max(wait, backoff(name, refusals)), refusals)
    responded = polled.failing_since is None or polled.error_status
    return None if responded else host
