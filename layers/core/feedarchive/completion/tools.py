"""What the jobs of a run share, and the interface of the handlers that do the jobs of one kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol
from zoneinfo import ZoneInfo

from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.completion.job import Job, JobResult
from feedarchive.feeds.feed import Feed
from feedarchive.fetching.polite_fetcher import PoliteFetcher
from feedarchive.parsing.pool import ParserPool
from feedarchive.store.interface import Store


@dataclass(frozen=True)
class JobTools:
    """What the handlers of a run use. Many threads use it at the same time.

    ``larger_images``: the larger images of the pages that were stored in this run, by the article's id. The job for the
    article's pictures may have been made before the page was read, and so lack them.
    """

    store: Store
    time_zone: ZoneInfo
    clock: Callable[[], datetime]
    claims: ClaimProtocol
    fetcher: PoliteFetcher
    parsers: ParserPool
    larger_images: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


class JobHandler(Protocol):
    """Does the jobs of one kind in one run.

    Many threads call it. ``feed`` is the job's feed as it is in feeds.toml now.
    """

    def __call__(self, job: Job, feed: Feed) -> JobResult:
        """Do a job. A job that was done before ends without a request. Raises StoreError."""


MakeHandler = Callable[[JobTools], JobHandler]
"""Makes the handler for the jobs of one kind in a run."""
