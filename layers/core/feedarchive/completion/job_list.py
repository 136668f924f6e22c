"""The job list of a shard (a group of feeds). It contains jobs that wait, and jobs that ended a short time ago.

All functions are pure: a change returns a new list.
"""

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
"""How long a job waits after its first and its second failure. After the third failure it is given up."""
GIVEN_UP_KEPT = timedelta(days=90)
"""How long the list remembers that a job was given up.

During this time the job is not added again, even if the state of its feed is lost and all articles look new.
"""
ONCE_A_DAY = timedelta(days=1)
_MAX_AGE = timedelta(days=30)
"""A job that is older than this is given up, even if it was only postponed and no attempt failed."""


@dataclass(frozen=True, slots=True)
class GivenUp:
    """A job that was given up at the time ``at``, with the reason and message of its last failed attempt."""

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
    """A job that was done for ``version`` (the key of an article's version) at the time ``at``."""

    version: str
    at: datetime


@dataclass(frozen=True)
class JobList:
    """The jobs of a shard, by ``Job.key``.

    - ``jobs``: the jobs that wait.
    - ``given_up``: the jobs that were given up in the last 90 days.
    - ``ended``: the jobs that were done in the last 24 hours.
    """

    jobs: Mapping[tuple[str, str], Job] = field(default_factory=dict)
    given_up: Mapping[tuple[str, str], GivenUp] = field(default_factory=dict)
    ended: Mapping[tuple[str, str], Ended] = field(default_factory=dict)

    def with_seen(self, feed: Feed, seen: Iterable[SeenArticle], now: datetime) -> JobList:
        """Add the jobs that fetch the full texts and media of articles that a poll has seen."""
        jobs = [job for article in seen for job in jobs_for(feed, article, now)]
        return self.without_old(now).with_jobs(jobs)

    def with_jobs(self, jobs: Iterable[Job]) -> JobList:
        """Add jobs that the list does not contain yet.

        - A job that was given up or done is added again if the article has a newer version.
        - A job that waits is changed to the newer version of the article.

        A page is requested at most once a day, however often its article changes.
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
        """Return the list after an attempt at a job.

        If the article got a newer version during the attempt, the job for the newer version stays in the list.
        """
        jobs, given_up, ended = dict(self.jobs), dict(self.given_up), dict(self.ended)
        current = jobs.get(job.key)
        # ``feedarchive complete`` may do very many jobs that are not in the list. They are not remembered.
        if isinstance(result, Done) and current:
            ended[job.key] = Ended(job.version, now)
        if current is not None and _is_newer(current.version, job.version):
            jobs[job.key] = replace(current, not_before=max(current.not_before, now + ONCE_A_DAY))
        elif isinstance(result, Done):
            jobs.pop(job.key, None)
            if result.has_pictures:
                # Fetch the pictures of the full text too.
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
        """Return the list without jobs that were given up more than 90 days ago, or done more than a day ago."""
        # A time in the future comes from a wrong clock. Jobs with such a time are removed too.
        given_up = {k: each for k, each in self.given_up.items() if now - GIVEN_UP_KEPT < each.at <= now + ONCE_A_DAY}
        ended = {k: each for k, each in self.ended.items() if now - ONCE_A_DAY < each.at <= now + ONCE_A_DAY}
        return JobList(self.jobs, given_up, ended)


def retried(job: Job, result: NotDone, now: datetime) -> Job | None:
    """Return the job with the time of its next attempt. Return None if the job is given up."""
    if result.final or now - job.since > _MAX_AGE:
        return None
    if result.until is not None:
        return replace(job, not_before=result.until)
    if is_last_attempt(job):
        return None
    return replace(job, attempts=job.attempts + 1, not_before=now + RETRY_AFTER[job.attempts])


def is_last_attempt(job: Job) -> bool:
    """Check whether the job is given up if its next attempt fails."""
    return job.attempts >= len(RETRY_AFTER)


def _is_newer(version: str, other: str) -> bool:
    return version_of(version) > version_of(other)
