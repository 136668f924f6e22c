"""Describe a failed request as a FetchProblem, by its HTTP status or its connection error."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta
from http import HTTPStatus

from feedarchive.fetching.problems import FetchProblem
from feedarchive.fetching.result import Failed
from feedarchive.polling.http_errors import challenge_provider
from feedarchive.polling.results import FetchFailed
from feedarchive.polling.retry_after import MAX_RETRY_AFTER, parse_retry_after
from feedarchive.problems import FeedError

_BY_STATUS = {
    204: FetchProblem.EMPTY,
    205: FetchProblem.EMPTY,
    401: FetchProblem.LOGIN,
    402: FetchProblem.PAYWALL,
    403: FetchProblem.FORBIDDEN,
    404: FetchProblem.GONE,
    406: FetchProblem.FORBIDDEN,
    410: FetchProblem.GONE,
    429: FetchProblem.RATE_LIMITED,
}
_BY_TRANSPORT_ERROR = {
    FeedError.DNS: FetchProblem.DNS,
    FeedError.TIMEOUT: FetchProblem.TOO_SLOW,
    FeedError.TLS: FetchProblem.TLS,
    FeedError.PRIVATE_ADDRESS: FetchProblem.PRIVATE_ADDRESS,
}
DEFAULT_RETRY_AFTER = timedelta(minutes=30)
"""How long to wait after HTTP 429 if the response has no Retry-After header."""


def from_status(status: int, headers: Mapping[str, str], page: bytes, received: datetime) -> Failed:
    """Describe a response whose status means a failure. ``page`` is the start of its body.

    HTTP 404 and 410 are always GONE. With any other status, the problem is CHALLENGE if ``page`` is a challenge page (a
    test that only a browser passes).
    """
    problem = _BY_STATUS.get(status, FetchProblem.SERVER_ERROR if status >= 500 else FetchProblem.HTTP)
    detail = f"HTTP {status}{_phrase(status)}"
    challenger = challenge_provider(headers, page)
    if challenger and problem is not FetchProblem.GONE:
        problem, detail = FetchProblem.CHALLENGE, f"{detail}: a challenge page of {challenger}"
    wait = parse_retry_after(headers, received)
    if problem is FetchProblem.RATE_LIMITED and wait is None:
        wait = DEFAULT_RETRY_AFTER
    return Failed(problem, detail, status, min(wait, MAX_RETRY_AFTER) if wait else None)


def from_transport_error(failed: FetchFailed) -> Failed:
    """Describe a request that got no response."""
    return Failed(_BY_TRANSPORT_ERROR.get(failed.kind, FetchProblem.CONNECTION), failed.detail)


def _phrase(status: int) -> str:
    try:
        return f" {HTTPStatus(status).phrase}"
    except ValueError:
        return ""
