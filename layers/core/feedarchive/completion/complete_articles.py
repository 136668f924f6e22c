"""Do the jobs that are due, until a deadline. A job fetches the page of an article, or its pictures and enclosures.

Requests go to many hosts at the same time, but a host gets its requests one after another.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from contextlib import closing, contextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from functools import partial

from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.archive.open_archive import OpenArchive
from feedarchive.completion.due_jobs import DueJob, Extent, by_host, due_jobs, first_articles
from feedarchive.completion.handlers import HANDLERS, missing_libraries
from feedarchive.completion.host_jobs import HostJobs
from feedarchive.completion.job import Job, JobKind, JobResult, NotDone
from feedarchive.completion.job_list import JobList, retried
from feedarchive.completion.known_hosts import KnownHosts, from_bytes, to_bytes
from feedarchive.completion.lease import Lease
from feedarchive.completion.report import CompletionReport, FinishedJob
from feedarchive.completion.stored_jobs import HOSTS, change_jobs, list_key, read_jobs
from feedarchive.completion.tools import JobTools, MakeHandler
from feedarchive.concurrency import run_concurrently
from feedarchive.fetching.pace import Pace
from feedarchive.fetching.polite_fetcher import ClientSettings, PoliteFetcher
from feedarchive.fetching.problems import FetchProblem
from feedarchive.fetching.robots_cache import RobotsCache
from feedarchive.fetching.waiting import Wait
from feedarchive.parsing.pool import ParserPool
from feedarchive.polling.requester import FetchEnvironment
from feedarchive.polling.shards import shards_of
from feedarchive.store.interface import Store
from feedarchive.store.update import write_if_changed

WORKERS = 64
"""The number of threads. Each thread sends requests to one host at a time."""
_RESULTS_PER_SAVE = 20


@dataclass(frozen=True)
class Completion:
    """A run that does jobs, with its settings.

    - ``wait``: sleeps until a time.
    - ``interrupt``: ends all sleeping calls of ``wait``.
    - ``polled_until``: when the last poll of this run ended; None if there were no polls.
    - ``on_start``: called once with the number of jobs.
    - ``on_job``: called with each finished job.
    """

    store: Store
    archive: OpenArchive
    clock: Callable[[], datetime]
    wait: Wait
    parsers: ParserPool
    interrupt: Callable[[], None] = lambda: None
    polled_until: datetime | None = None
    handlers: Mapping[JobKind, MakeHandler] = field(default_factory=lambda: HANDLERS)
    environment: FetchEnvironment = field(default_factory=FetchEnvironment)
    workers: int = WORKERS
    on_start: Callable[[int], None] = lambda jobs: None
    on_job: Callable[[FinishedJob], None] = lambda job: None

    def run(self, extent: Extent = Extent()) -> CompletionReport:  # noqa: B008 - Extent is frozen
        """Do the due jobs in the archive's job lists, and the jobs in ``extent.others``.

        Raises StoreError if the archive cannot be read or written.
        """
        missing = missing_libraries(self.handlers, self.archive.feeds.feeds)
        possible = {kind: handler for kind, handler in self.handlers.items() if kind not in missing}
        due = first_articles(self._due(possible, read_jobs(self.store), extent.others), extent.most)
        problems = tuple(missing.values())
        if not due:
            return CompletionReport(problems=problems)
        lease = Lease(self.store, self.clock)
        returned = lease.last_returned()
        if other := lease.take():
            return CompletionReport(left=len(due), busy_until=other.until, problems=problems)
        try:
            before = max((each for each in (returned, self.polled_until) if each), default=None)
            report = self._run(due, lease, self.clock() + extent.limit, before)
            return replace(report, problems=problems)
        finally:
            lease.give_back()

    def _due(self, kinds: Collection[JobKind], lists: Mapping[str, JobList], others: Sequence[Job]) -> list[DueJob]:
        feeds = self.archive.feeds.feeds
        # The file given with ``--feeds`` may lack feeds of the archive. The jobs of these feeds stay in the lists.
        ids = {feed.id for feed in feeds} if self.archive.external_feeds else None
        due = due_jobs(lists, kinds, ids, self.clock())
        keys = {each.job.key for each in due}
        list_keys = {feed.id: list_key(shard) for shard, some in shards_of(feeds).items() for feed in some}
        return [
            *due,
            *(DueJob(list_keys[job.feed], job) for job in others if job.key not in keys and job.kind in kinds),
        ]

    def _run(
        self, due: Sequence[DueJob], lease: Lease, deadline: datetime, before: datetime | None
    ) -> CompletionReport:
        progress = _Progress(self)
        self.on_start(len(due))
        pace = Pace(self.clock, self.wait, deadline, before, on_turn=lease.extend)
        with self._tools(pace) as tools:
            feeds = {feed.id: feed for feed in self.archive.feeds.feeds}
            handlers = {kind: self.handlers[kind](tools) for kind in {each.job.kind for each in due}}
            hosts = HostJobs(self.clock, handlers, feeds, deadline)
            tasks: list[Callable[[], Iterator[tuple[DueJob, JobResult | None]]]]
            tasks = [partial(hosts.do, jobs) for jobs in by_host(due)]
            try:
                run_concurrently(tasks, len(due), self.workers, progress.record, self.interrupt)
            finally:
                progress.save()
        return CompletionReport(tuple(progress.finished), progress.left)

    @contextmanager
    def _tools(self, pace: Pace) -> Iterator[JobTools]:
        """Load the robots.txt and rate limits of hosts, and save them at the end."""
        settings = self.archive.feeds
        stored = self.store.read(HOSTS)
        known = from_bytes(stored.data, self.clock()) if stored else KnownHosts()
        robots = RobotsCache(known.robots)
        for host, until in known.held.items():
            pace.hold(host, until)
        environment = replace(self.environment, clock=self.clock)
        client = ClientSettings(settings.contact, settings.allow_private_addresses, settings.proxy, environment)
        claims = ClaimProtocol(self.store, self.clock, settings.retention)
        with closing(PoliteFetcher(client, pace, robots)) as fetcher:
            try:
                yield JobTools(self.store, self.archive.time_zone, self.clock, claims, fetcher, self.parsers)
            finally:
                known = KnownHosts(robots.valid(self.clock()), pace.held_hosts())
                write_if_changed(self.store, HOSTS, to_bytes(known))


@dataclass
class _Progress:
    """The results of a run so far.

    - ``finished``: the jobs that were done or failed.
    - ``left``: the number of jobs for which there was no time.
    - ``_unsaved``: the results that are not written to the job lists yet.
    """

    run: Completion
    finished: list[FinishedJob] = field(default_factory=list)
    left: int = 0
    _unsaved: list[tuple[DueJob, JobResult]] = field(default_factory=list)

    def record(self, outcome: tuple[DueJob, JobResult | None]) -> None:
        """Note a job and its result, which is None if the job was not started."""
        due, result = outcome
        if result is None:
            self.left += 1
            return
        if isinstance(result, NotDone) and result.reason == FetchProblem.OUT_OF_TIME:
            self.left += 1
        else:
            given_up = isinstance(result, NotDone) and retried(due.job, result, self.run.clock()) is None
            self.finished.append(FinishedJob(due.job, result, given_up))
            self.run.on_job(self.finished[-1])
        self._unsaved.append((due, result))
        if len(self._unsaved) >= _RESULTS_PER_SAVE:
            self.save()

    def save(self) -> None:
        by_list: defaultdict[str, list[tuple[Job, JobResult]]] = defaultdict(list)
        for due, result in self._unsaved:
            by_list[due.list_key].append((due.job, result))
        now = self.run.clock()
        self.run.store.sync()
        for key, results in by_list.items():
            change_jobs(self.run.store, key, partial(_after_all, results, now))
        self._unsaved.clear()


def _after_all(results: Sequence[tuple[Job, JobResult]], now: datetime, jobs: JobList) -> JobList:
    for job, result in results:
        jobs = jobs.after(job, result, now)
    return jobs
