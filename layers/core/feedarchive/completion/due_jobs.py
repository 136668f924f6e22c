"""Which jobs are due, grouped by host: many hosts are served at the same time, the jobs of one in order. Pure."""

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
"""How long ``fetch`` may start jobs after its polls. The jobs that are left are for the next run."""
_ORDER = {kind: number for number, kind in enumerate(JobKind)}


@dataclass(frozen=True)
class DueJob:
    """A job, and the key of the job list that its result changes."""

    list_key: str
    job: Job


@dataclass(frozen=True)
class Extent:
    """How much a run does.

    ``limit``: after this time no further job is started.
    ``others``: jobs to do besides those that are due.
    ``most``: the jobs of at most so many articles are done; None means of all.
    """

    limit: timedelta = DEFAULT_LIMIT
    others: Sequence[Job] = ()
    most: int | None = None


def due_jobs(
    lists: Mapping[str, JobList], kinds: Iterable[JobKind], feeds: Collection[str] | None, now: datetime
) -> list[DueJob]:
    """The jobs of these kinds and feeds that are due. ``feeds``: the ids of feeds; None means all feeds.

    If several lists have a job of the same kind for an article, only the first one is returned.
    """
    wanted = set(kinds)
    found: dict[tuple[str, str], DueJob] = {}
    for list_key, jobs in lists.items():
        for key, job in jobs.jobs.items():
            if job.not_before <= now and job.kind in wanted and (feeds is None or job.feed in feeds):
                found.setdefault(key, DueJob(list_key, job))
    return [*found.values()]


def first_articles(jobs: Sequence[DueJob], most: int | None) -> list[DueJob]:
    """The jobs of the first ``most`` articles; None means all articles."""
    ids = list(dict.fromkeys(each.job.id for each in jobs))[:most]
    chosen = set(ids)
    return [each for each in jobs if each.job.id in chosen]


def by_host(jobs: Sequence[DueJob]) -> list[list[DueJob]]:
    """The jobs grouped by host.

    The jobs of a host start with the oldest; those of the same age stay in their order. An article's page comes before
    its pictures. Hosts with few jobs come first, so that hosts with thousands of jobs do not hold them up.
    """
    places: dict[str, int] = {}
    for each in jobs:
        places.setdefault(each.job.id, len(places))
    hosts: defaultdict[str, list[DueJob]] = defaultdict(list)
    for each in sorted(jobs, key=lambda due: (due.job.since, places[due.job.id], _ORDER[due.job.kind])):
        hosts[host_of(unwrap_link(each.job.link))].append(each)
    return sorted(hosts.values(), key=len)
