"""What the tests of fetching share."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

from clock import CHRISTMAS
from feedarchive.feeds.feed import Feed
from feedarchive.polling.fetcher import FetchEnvironment, Fetcher
from feedarchive.polling.results import Fetched, FetchFailed, FetchResult
from feedarchive.polling.transport_errors import Timeouts

QUICK = Timeouts(total=5.0, connect=2.0, silence=2.0)
DOCUMENT = b'<?xml version="1.0"?><rss version="2.0"><channel><title>T</title></channel></rss>'


def loopback(name: str) -> Sequence[str]:
    """A resolver for which every name is this machine's."""
    return ["127.0.0.1"]


def edges(
    times: Timeouts = QUICK, resolver: Callable[[str], Sequence[str]] = loopback, **others: Any
) -> FetchEnvironment:
    return FetchEnvironment(times, resolver, lambda: CHRISTMAS, **others)


def fetch(
    url: str, etag: str = "", last_modified: str = "", given: FetchEnvironment | None = None, **feed: Any
) -> FetchResult:
    """One fetch by a Fetcher that may connect to this machine."""
    with Fetcher(allow_private_addresses=True, edges=given or edges()) as fetcher:
        return fetcher.fetch(Feed(url, "f", **feed), etag, last_modified)


def failed(answer: FetchResult) -> FetchFailed:
    assert isinstance(answer, FetchFailed), answer
    return answer


def fetched(answer: FetchResult) -> Fetched:
    assert isinstance(answer, Fetched), answer
    return answer
