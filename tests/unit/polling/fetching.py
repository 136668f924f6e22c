"""Fetching from servers on loopback, for the tests of this package."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import closing
from typing import Any

from feedarchive.feeds.feed import Feed
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.requester import FetchEnvironment
from feedarchive.polling.results import Fetched, FetchFailed, FetchResult
from feedarchive.polling.transport_errors import Timeouts
from feedarchive.polling.validators import Validators
from tests.harness.clock import CHRISTMAS

PATIENT = Timeouts(total=60.0, connect=60.0, read=60.0)
"""So long that a busy machine never reaches them."""
DOCUMENT = b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title></channel></rss>'


def loopback(name: str) -> Sequence[str]:
    """A resolver that returns 127.0.0.1 for every host name."""
    return ["127.0.0.1"]


def fetch_environment(
    timeouts: Timeouts = PATIENT, resolver: Callable[[str], Sequence[str]] = loopback, **others: Any
) -> FetchEnvironment:
    return FetchEnvironment(timeouts, resolver, lambda: CHRISTMAS, **others)


def local_fetcher(environment: FetchEnvironment | None = None) -> Fetcher:
    """A Fetcher that may connect to this machine."""
    return Fetcher(allow_private_addresses=True, environment=environment or fetch_environment())


def fetch(
    url: str,
    etag: str = "",
    last_modified: str = "",
    environment: FetchEnvironment | None = None,
    validators_url: str = "",
    **feed: Any,
) -> FetchResult:
    """Fetch once with a local_fetcher. ``feed`` are options of the feed."""
    with closing(local_fetcher(environment)) as fetcher:
        return fetcher.fetch(Feed(url, "f", **feed), Validators(etag, last_modified, validators_url))


def failed(result: FetchResult) -> FetchFailed:
    assert isinstance(result, FetchFailed), result
    return result


def fetched(result: FetchResult) -> Fetched:
    assert isinstance(result, Fetched), result
    return result
