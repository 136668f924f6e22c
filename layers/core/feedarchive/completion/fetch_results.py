"""Decide what a failed request means for its job: try again, wait, or give up. Pure functions."""

from __future__ import annotations

from datetime import datetime
from urllib.parse import urlsplit

from feedarchive.completion.job import NotDone
from feedarchive.fetching.problems import FetchProblem
from feedarchive.fetching.result import Failed

_FINAL = frozenset({FetchProblem.ROBOTS, FetchProblem.PRIVATE_ADDRESS, FetchProblem.TOO_LARGE, FetchProblem.MASKED})


def not_fetched(failed: Failed, now: datetime) -> NotDone:
    """Return the result of a job whose request failed.

    If the server asks for a pause, or if the run has no time left, the job is postponed: the attempt does not count as
    failed.
    """
    if failed.reason is FetchProblem.OUT_OF_TIME:
        return NotDone(failed.reason, failed.detail, until=now, run_ends=True)
    if failed.retry_after:
        return NotDone(failed.reason, failed.detail, until=now + failed.retry_after, run_ends=True)
    return NotDone(failed.reason, failed.detail, final=failed.reason in _FINAL)


def is_front_page(url: str) -> bool:
    """Check whether ``url`` is the URL of a site's front page.

    Many sites redirect the links of removed articles to their front page.
    """
    parts = urlsplit(url)
    return parts.path in ("", "/") and not parts.query
