"""The job list of a shard: jobs that wait, and jobs that ended lately. Pure: each change returns a new list."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta

from feedarchive.archive.document_result import SeenArticle
from feedarchive.article.file_names import version_of
from feedarchive.completion.job import Done, Job, JobKind, JobResult, NotDone
from feedarchive.completion.wanted_jobs import jobs_for
from feedarchive.feeds.feed import Feed
from feedarchive.media.article_media import MAX_IMAGES

RETRY_AFTER = (timedelta(hours=6), timedelta(hours=42))
"""The waits after the first and the second failure. After the third failure, the job is given up."""
GIVEN_UP_KEPT = timedelta(days=90)
"""How long a given-up job is remembered. In this time, a poll that sees the article again does not add the job again.

A poll sees articles again if polling state is lost.
"""
ONCE_A_DAY = timedelta(days=1)
_MAX_AGE = timedelta(days=30)
"""A job that is older is given up, even if it was only postponed again and again."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A job that was given up, with the reason of its last attempt."""

    kind: JobKind
    id: str
    version: str
    feed: str
    reason: str
    detail: str
    at: datetime

    @property
    def key(self) -> tuple[str, str]:
        return self.kind.value, self.id


@dataclass(frozen=True, slots=True)
class Ended:
    """When a job for a version of an article was done."""

    version: str
    at: datetime


@dataclass(frozen=True)
class JobList:
    """The waiting jobs, the given-up jobs, and the jobs that were done in the last day, each by the key of the job."""

    jobs: Mapping[tuple[str, str], Job] = field(default_factory=dict)
    given_up: Mapping[tuple[str, str], GivenUp] = field(default_factory=dict)
    ended: Mapping[tuple[str, str], Ended] = field(default_factory=dict)

    def with_seen(self, feed: Feed, seen: Iterable[SeenArticle], now: datetime) -> JobList:
        """Add the jobs for articles that a poll archived or compared."""
        jobs = [job for article in seen for job in jobs_for(feed, article, now)]
        return self.without_old(now).with_jobs(jobs)

    def with_jobs(self, jobs: Iterable[Job]) -> JobList:
        """Add jobs.

        A job that was done or given up is added again only for a newer version of the article. A job that waits
        already stays; for a newer version of the article, it is brought up to date.
        The page of an article is requested at most once a day: some feeds change their entries at every poll.
        """
        added = dict(self.jobs)
        for job in jobs:
            before, waiting = self.given_up.get(job.key) or self.ended.get(job.key), added.get(job.key)
            if before and not _is_newer(job.version, before.version):
                continue
            if waiting is None:
                soonest = before.at + ONCE_A_DAY if before and job.kind is JobKind.PAGE else job.not_before
                added[job.key] = replace(job, not_before=max(job.not_before, soonest))
            elif _is_newer(job.version, waiting.version):
                newer = replace(waiting, version=job.version, link=job.link, attempts=0)
                added[job.key] = replace(newer, larger_images=job.larger_images)
        return replace(self, jobs=added)

    def after(self, job: Job, result: JobResult, now: datetime) -> JobList:
        """The list after an attempt with this result. If the article was edited meanwhile, its job stays."""
        jobs, given_up, ended = dict(self.jobs), dict(self.given_up), dict(self.ended)
        current = jobs.get(job.key)
        if isinstance(result, Done) and current:  # jobs of ``complete`` are in no list, and may be too many to remember
            ended[job.key] = Ended(job.version, now)
        if current is not None and _is_newer(current.version, job.version):
            jobs[job.key] = replace(current, not_before=max(current.not_before, now + ONCE_A_DAY))
        elif isinstance(result, Done):
            jobs.pop(job.key, None)
            if result.has_pictures:  # the job for the pictures in the article itself may be done already
                media = replace(job, kind=JobKind.MEDIA, since=now, not_before=now, attempts=0)
                waiting = jobs.get(media.key, media)
                larger = waiting.larger_images + result.larger_images
                jobs[media.key] = replace(waiting, larger_images=larger[: 2 * MAX_IMAGES])
        elif (later := retried(job, result, now)) is None:
            jobs.pop(job.key, None)
            given_up[job.key] = GivenUp(job.kind, job.id, job.version, job.feed, result.reason, result.detail, now)
        else:
            jobs[job.key] = later
        return JobList(jobs, given_up, ended).without_old(now)

    def without_old(self, now: datetime) -> JobList:
        """Forget jobs that were given up 90 days ago or done a day ago.

        A time in the future is that of a wrong clock.
        """
        given_up = {k: each for k, each in self.given_up.items() if now - GIVEN_UP_KEPT < each.at <= now + ONCE_A_DAY}
        ended = {k: each for k, each in self.ended.items() if now - ONCE_A_DAY < each.at <= now + ONCE_A_DAY}
        return JobList(self.jobs, given_up, ended)


def retried(job: Job, result: NotDone, now: datetime) -> Job | None:
    """The job with the time of its next attempt; None if it is given up."""
    if result.final or now - job.since > _MAX_AGE:
        return None
    if result.until is not None:
        return replace(job, not_before=result.until)
    if is_last_attempt(job):
        return None
    return replace(job, attempts=job.attempts + 1, not_before=now + RETRY_AFTER[job.attempts])


def is_last_attempt(job: Job) -> bool:
    """Is the next attempt the last one, after which the job is given up?"""
    return job.attempts >= len(RETRY_AFTER)


def _is_newer(version: str, other: str) -> bool:
    """Is this the key of a later version of the same article?"""
    return version_of(version) > version_of(other)
