"""Find the jobs that are due, and group them by host. Pure functions."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from feedarchive.article.shown_link import unwrap_link
from feedarchive.completion.job import Job, JobKind
from feedarchive.completion.job_list import JobList
from feedarchive.urls import host_of

DEFAULT_LIMIT = timedelta(minutes=10)
"""After polling, ``fetch`` starts jobs for at most this long. The next run does the remaining jobs."""
_ORDER = {kind: number for number, kind in enumerate(JobKind)}


@dataclass(frozen=True)
class DueJob:
    """A job, and the key of the job list to which its result is written."""

    list_key: str
    job: Job


@dataclass(frozen=True)
class Extent:
    """How much a run does.

    - ``limit``: for how long the run starts jobs.
    - ``others``: jobs to do in addition to those in the job lists.
    - ``most``: the maximum number of articles whose jobs are done; None for no limit.
    """

    limit: timedelta = DEFAULT_LIMIT
    others: Sequence[Job] = ()
    most: int | None = None


def due_jobs(
    lists: Mapping[str, JobList], kinds: Iterable[JobKind], feeds: Collection[str] | None, now: datetime
) -> list[DueJob]:
    """Return the jobs of these kinds and feeds that are due. ``feeds`` are the ids of feeds; None means all feeds.

    If several lists contain a job of the same kind for the same article, only the job in the first list is returned.
    """
    wanted = set(kinds)
    found: dict[tuple[str, str], DueJob] = {}
    for list_key, jobs in lists.items():
        for key, job in jobs.jobs.items():
            if job.not_before <= now and job.kind in wanted and (feeds is None or job.feed in feeds):
                found.setdefault(key, DueJob(list_key, job))
    return [*found.values()]


def first_articles(jobs: Sequence[DueJob], most: int | None) -> list[DueJob]:
    """Return the jobs of the first ``most`` articles in ``jobs``. If ``most`` is None, return all jobs."""
    ids = list(dict.fromkeys(each.job.id for each in jobs))[:most]
    chosen = set(ids)
    return [each for each in jobs if each.job.id in chosen]


def by_host(jobs: Sequence[DueJob]) -> list[list[DueJob]]:
    """Group jobs by the host of the article's link. Return a list of jobs for each host.

    - The hosts with the fewest jobs come first, so that they do not wait for a host with thousands of jobs.
    - The oldest jobs of a host come first. Articles with equally old jobs keep their order.
    - The page of an article comes before its pictures.
    """
    places: dict[str, int] = {}
    for each in jobs:
        places.setdefault(each.job.id, len(places))
    hosts: defaultdict[str, list[DueJob]] = defaultdict(list)
    for each in sorted(jobs, key=lambda due: (due.job.since, places[due.job.id], _ORDER[due.job.kind])):
        hosts[host_of(unwrap_link(each.job.link))].append(each)
    return sorted(hosts.values(), key=len)
