"""Which jobs are due, and in which order: by host, so that hosts can be served at the same time. Pure."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime

from feedarchive.article.shown_link import unwrap_link
from feedarchive.completion.job import Job, JobKind
from feedarchive.completion.job_list import JobList
from feedarchive.urls import host_of

_ORDER = {kind: number for number, kind in enumerate(JobKind)}


@dataclass(frozen=True)
class DueJob:
    """A job, and the key of the list for its result."""

    list_key: str
    job: Job


def due_jobs(
    lists: Mapping[str, JobList], kinds: Iterable[JobKind], feeds: Collection[str] | None, now: datetime
) -> list[DueJob]:
    """The jobs of these kinds that are due, of these feeds (None: of all). An article has one job of a kind."""
    wanted = set(kinds)
    found: dict[tuple[str, str], DueJob] = {}
    for list_key, jobs in lists.items():
        for key, job in jobs.jobs.items():
            if job.not_before <= now and job.kind in wanted and (feeds is None or job.feed in feeds):
                found.setdefault(key, DueJob(list_key, job))
    return [*found.values()]


def by_host(jobs: Iterable[DueJob]) -> list[list[DueJob]]:
    """The jobs of each host, the oldest first, and of an article its page before its pictures."""
    hosts: defaultdict[str, list[DueJob]] = defaultdict(list)
    for each in sorted(jobs, key=lambda due: (due.job.since, due.job.id, _ORDER[due.job.kind])):
        hosts[host_of(unwrap_link(each.job.link))].append(each)
    return list(hosts.values())
