"""A run: the feeds that are due, polled, archived and remembered, all hosts at the same time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial
from random import Random

from feedarchive.archive.archiver import Archiver
from feedarchive.archive.open_archive import OpenArchive
from feedarchive.concurrency import run_concurrently
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.pool import ParserPool, shared_parser_pool
from feedarchive.polling.feed_state import NEVER, FeedState, HostState, ShardState
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.poll import poll_feed
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.polling.schedule import host_state_after_poll, is_due, next_poll, rate_limited_until
from feedarchive.polling.shards import Shard, shards_of
from feedarchive.report import FeedReport, Problem, RunReport
from feedarchive.store.interface import Store

WORKERS = 32
# What one feed may take: fetching (30 s) and reading it (60 s), and a part of archiving it. With less than this left
# none is started.
MAX_POLL_TIME = timedelta(seconds=100)
# Time for an article that was begun, and to save state.
_LAST_ARTICLE = timedelta(seconds=5)
# Shards whose state is in memory at the same time: so many that hosts which take long hold up few others.
_SHARDS_TOGETHER = 8


@dataclass(frozen=True)
class ShardRun:
    """One shard's feeds, those of them to poll now, and its state."""

    shard: Shard
    feeds: Sequence[Feed]
    due: Sequence[Feed]
    state: ShardState


@dataclass(frozen=True)
class Run:
    """What a run works with. ``each`` hears of every feed as it is done, ``not_due`` of how many are not to be polled.

    ``poll_all`` polls what is not due too, but nothing whose server asked to be left alone for now. After
    ``deadline``, less what a feed may take, no feed is started: the rest stays due. A ``careful`` run is for work that
    killed a run before: one feed after another in a random order (of ``chance``), with state saved after each, so
    that a document which kills it again does not starve the others. ``workers`` hosts are asked at the same time.
    """

    store: Store
    archive: OpenArchive
    clock: Callable[[], datetime]
    poll_all: bool = False
    each: Callable[[FeedReport], None] = lambda report: None
    not_due: Callable[[int], None] = lambda feeds: None
    deadline: datetime | None = None
    careful: bool = False
    chance: Random = field(default_factory=Random)
    readers: ParserPool = field(default_factory=shared_parser_pool)
    workers: int = WORKERS

    def of(self, shards: Mapping[Shard, Sequence[Feed]]) -> RunReport:
        """Plan and do what is due in these shards: some after others, so that memory does not grow with their number.

        Raises StoreError when storage fails; finished feeds are remembered then too.
        """
        listed, done = list(shards), []
        for start in range(0, len(listed), _SHARDS_TOGETHER):
            plan = self.plan({shard: shards[shard] for shard in listed[start : start + _SHARDS_TOGETHER]})
            self.not_due(sum(len(planned.feeds) - len(planned.due) for planned in plan))
            done.append(self.go(plan))
        return RunReport.merge(done)

    def plan(self, shards: Mapping[Shard, Sequence[Feed]] | None = None) -> list[ShardRun]:
        """What is to be done now, in these shards or in all. Reads each shard's state once."""
        shards = shards_of(self.archive.feeds.feeds) if shards is None else shards
        with ThreadPoolExecutor(self.workers) as pool:
            return list(pool.map(self.shard_run, shards.keys(), shards.values()))

    def shard_run(self, shard: Shard, feeds: Sequence[Feed]) -> ShardRun:
        """What is to be done now in one shard. Reads its state once."""
        state, now = load_state(self.store, shard), self.clock()
        jobs = [_job(feed, shard, state, now) for feed in feeds]
        due = [job for job in jobs if self.poll_all or is_due(job.feed, job.state, job.host_state, now)]
        return ShardRun(shard, feeds, [job.feed for job in due], state)

    def go(self, plan: Sequence[ShardRun]) -> RunReport:
        """Do what is planned. Raises StoreError when storage fails; finished feeds are remembered then too."""
        reports: list[FeedReport] = []
        shards = {planned.shard: _Progress(planned, len(planned.due)) for planned in plan}
        now = self.clock()
        jobs = [_job(feed, planned.shard, planned.state, now) for planned in plan for feed in planned.due]

        def take(done: _Done) -> None:
            progress = shards[done.job.shard]
            progress.take(done)
            if self.careful or not progress.waiting:
                self._save(progress)
            if done.report:
                reports.append(done.report)
                self.each(done.report)

        try:
            self._poll(jobs, take)
        finally:
            # After a failure too: what is finished stays finished, and no state is saved of the rest.
            for progress in shards.values():
                self._save(progress)
        left = sum(progress.left for progress in shards.values())
        return RunReport(sum(len(planned.feeds) for planned in plan), tuple(reports), left)

    def _poll(self, jobs: list[_Job], take: Callable[[_Done], None]) -> None:
        """Do the jobs: different hosts at the same time, the feeds of one host one after another, longest due first.
        In a careful run all of them one by one, each taken before the next is begun."""
        settings = self.archive.feeds
        latest = self.deadline - _LAST_ARTICLE if self.deadline else None
        archiver = Archiver(self.store, self.archive.time_zone, self.clock, settings.retention, latest)
        private, largest = settings.allow_private_addresses, settings.max_body_bytes
        with Fetcher(settings.contact, private, settings.proxy, largest=largest) as fetcher:
            one_by_one = partial(self._one_by_one, fetcher, archiver)
            if self.careful:
                for done in one_by_one(self.chance.sample(jobs, len(jobs))):
                    take(done)
            else:
                hosts = [partial(one_by_one, host_jobs) for host_jobs in _by_host(jobs)]
                run_concurrently(hosts, len(jobs), self.workers, take)

    def _one_by_one(self, fetcher: Fetcher, archiver: Archiver, jobs: list[_Job]) -> Iterator[_Done]:
        """Nothing is asked for too close to the deadline, nor from a host that wants to be left alone by now."""
        # Shards may know different things of one host: the latest time counts.
        hosts = {job.host: job.host_state for job in sorted(jobs, key=_left_alone_until)}
        for job in jobs:
            now, host = self.clock(), hosts[job.host]
            if self.deadline and now + MAX_POLL_TIME > self.deadline:
                yield _Done(job, host)
            elif until := rate_limited_until(job.state, host, now):
                yield _Done(job, host, _deferred(job.feed, until))
            else:
                report, state = poll_feed(job.feed, job.state, fetcher, self.readers, archiver, now)
                host = hosts[job.host] = host_state_after_poll(job.host, host, state, now)
                yield _Done(job, host, report, state)

    def _save(self, progress: _Progress) -> None:
        if not progress.states and not progress.hosts:
            return
        planned = progress.planned
        self.store.sync()
        feed_ids = None if self.archive.external_feeds else [feed.id for feed in planned.feeds]
        save_state(self.store, planned.shard, planned.state, progress.states, feed_ids, progress.hosts)
        progress.states.clear()
        progress.hosts.clear()


@dataclass(frozen=True)
class _Job:
    """One feed to poll, since when it is due, and what was known of it and of its host when the run was planned."""

    feed: Feed
    shard: Shard
    due: datetime
    state: FeedState
    host: str
    host_state: HostState | None


def _job(feed: Feed, shard: Shard, states: ShardState, now: datetime) -> _Job:
    state = states.of(feed)
    return _Job(feed, shard, next_poll(feed, state).at or now, state, *states.host_of(feed))


def _left_alone_until(job: _Job) -> datetime:
    return job.host_state.until if job.host_state else NEVER


def _by_host(jobs: Iterable[_Job]) -> list[list[_Job]]:
    """The jobs of each host, of whatever shard: longest due first."""
    hosts: defaultdict[str, list[_Job]] = defaultdict(list)
    for job in sorted(jobs, key=lambda job: job.due):
        hosts[job.host].append(job)
    return list(hosts.values())


@dataclass(frozen=True)
class _Done:
    """What became of a job: no report if the deadline came first, no state if the feed was not asked."""

    job: _Job
    host_state: HostState | None
    report: FeedReport | None = None
    state: FeedState | None = None


@dataclass
class _Progress:
    """What was learnt of a shard and is not saved yet; ``waiting`` is how many of its feeds are not done, ``left``
    how many of those that are were left to the next run."""

    planned: ShardRun
    waiting: int
    left: int = 0
    states: dict[str, FeedState] = field(default_factory=dict)
    hosts: dict[str, HostState | None] = field(default_factory=dict)

    def take(self, done: _Done) -> None:
        self.waiting -= 1
        self.left += done.report is None
        if done.state:
            self.states[done.job.feed.id] = done.state
        if done.host_state != self.planned.state.hosts.get(done.job.host):
            self.hosts[done.job.host] = done.host_state


def _deferred(feed: Feed, until: datetime) -> FeedReport:
    words = f"not asked: its server wants to be left alone until {until:%Y-%m-%d %H:%M} UTC"
    return FeedReport(feed.id, "deferred", problems=(Problem(feed.id, "deferred", words),))
