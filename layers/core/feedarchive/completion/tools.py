"""What the jobs of a run share, and what does a job of one kind."""

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
    """Used by many threads at the same time.

    ``larger_images`` are those of the pages that were stored in this run, by the ids of their articles: the job for the
    pictures of such an article may have been made before.
    """

    store: Store
    time_zone: ZoneInfo
    clock: Callable[[], datetime]
    claims: ClaimProtocol
    fetcher: PoliteFetcher
    parsers: ParserPool
    larger_images: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


class JobHandler(Protocol):
    """Does the jobs of one kind in one run, called by many threads. The feed is the job's, as feeds.toml has it now."""

    def __call__(self, job: Job, feed: Feed) -> JobResult:
        """Do a job. Raises StoreError. A job that was done before ends without a request."""


MakeHandler = Callable[[JobTools], JobHandler]
"""Makes the handler of a run."""
