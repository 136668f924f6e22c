"""What all jobs of a run share, and the interface of handlers. A handler does the jobs of one kind."""

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
    """What all jobs of a run share. Many threads use it at the same time.

    ``larger_images`` maps the id of an article to pairs of URLs: a picture in its page, and a larger version of this
    picture. The job that fetches the page adds the pairs, and the job that fetches the pictures uses them.
    """

    store: Store
    time_zone: ZoneInfo
    clock: Callable[[], datetime]
    claims: ClaimProtocol
    fetcher: PoliteFetcher
    parsers: ParserPool
    larger_images: dict[str, tuple[tuple[str, str], ...]] = field(default_factory=dict)


class JobHandler(Protocol):
    """A function that does one job. A run has one for each kind of job, and many threads call it at the same time."""

    def __call__(self, job: Job, feed: Feed) -> JobResult:
        """Do a job. If it was done before, make no request. Raises StoreError.

        ``feed`` is the job's feed with its current settings in feeds.toml.
        """


MakeHandler = Callable[[JobTools], JobHandler]
"""A function that makes the handler for the jobs of one kind in a run."""
