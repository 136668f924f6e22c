"""A run: poll the feeds that are due, archive their articles and save their state, many hosts at the same time."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from contextlib import closing
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from functools import partial
from random import Random

from feedarchive.archive.archiver import Archiver
from feedarchive.archive.clock_check import require_time_after
from feedarchive.archive.document_result import SeenArticle
from feedarchive.archive.open_archive import OpenArchive
from feedarchive.concurrency import in_parallel, run_concurrently
from feedarchive.feeds.feed import DEFAULT_TIMEOUT, Feed
from feedarchive.parsing.pool import ParserPool, shared_parser_pool
from feedarchive.polling.document_source import KeepDocument
from feedarchive.polling.feed_state import NEVER, ShardState, url_to_poll
from feedarchive.polling.fetcher import Fetcher
from feedarchive.polling.follow_up import FollowUp
from feedarchive.polling.moved_together import FindSubscription, in_no_other_shard, owners_of_urls, without_lost_owner
from feedarchive.polling.poll import PollTools, poll_feed
from feedarchive.polling.retry_after import host_state_after_poll, rate_limited_until
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.polling.schedule import is_due, next_poll
from feedarchive.polling.shards import Shard, shards_of
from feedarchive.problems import FeedError
from feedarchive.report import FeedOutcome, FeedReport, Problem, RunReport
from feedarchive.shard_progress import FeedJob, PollResult, ShardPlan, ShardProgress
from feedarchive.store.interface import Store
from feedarchive.urls import host_of

WORKERS = 48
"""How many hosts are polled at the same time by default. A shard has about 50 feeds, so a Lambda function polls nearly
all hosts of its shard at the same time."""
MAX_POLL_TIME = timedelta(seconds=100)
"""How long polling a feed can take: 30 s for fetching, 60 s for parsing, and some time for archiving. If less time is
left before the deadline, no feed is started. A feed with a timeout of more than 30 s can take longer."""
# Time reserved before the deadline: to finish the current article and save state.
_RESERVE = timedelta(seconds=5)
# How many shards are polled at the same time: several, so that a slow host in one shard does not delay all others.
_SHARDS_AT_A_TIME = 8


@dataclass(frozen=True)
class Run:
    """The settings of a run.

    - ``poll_all``: also poll feeds that are not due, but not while their host is rate limiting us.
    - ``force``: poll even while the host is rate limiting us.
    - ``on_feed_done``: called with the report of each finished feed.
    - ``on_feeds_not_due``: called with the number of feeds that need no poll yet.
    - ``deadline``: when the run must have ended. In the last ``MAX_POLL_TIME`` before the deadline, no further feed is
      started. The remaining feeds stay due.
    - ``one_at_a_time``: poll one feed after another in random order, and save state after each. This is for retries: if
      one document kills the process every time, the other feeds are still polled sooner or later.
    - ``random``: chooses the order for ``one_at_a_time``.
    - ``workers``: how many hosts are polled at the same time.
    - ``check_clock``: raise WrongClock if a feed was polled at a later time than the clock shows.
    - ``follow_up``: notes the articles whose full texts and pictures are fetched later (polling/follow_up.py).
    - ``keep_document``: stores the documents of feeds with ``keep_documents``.
    - ``find_subscription``: finds a feed by its subscribed URL, also in other shards. A Lambda function needs it,
      because its ``archive`` has only the feeds of one shard.
    """

    store: Store
    archive: OpenArchive
    clock: Callable[[], datetime]
    poll_all: bool = False
    on_feed_done: Callable[[FeedReport], None] = lambda report: None
    on_feeds_not_due: Callable[[int], None] = lambda feeds: None
    deadline: datetime | None = None
    one_at_a_time: bool = False
    random: Random = field(default_factory=Random)
    parsers: ParserPool = field(default_factory=shared_parser_pool)
    workers: int = WORKERS
    force: bool = False
    check_clock: bool = False
    follow_up: FollowUp | None = None
    keep_document: KeepDocument | None = None
    find_subscription: FindSubscription = in_no_other_shard

    def run_shards(self, shards: Mapping[Shard, Sequence[Feed]]) -> RunReport:
        """Poll the due feeds of these shards: a few shards at a time, to save memory.

        If the store fails, tries to save the state of all finished feeds, and then raises StoreError.
        """
        keys, reports = list(shards), []
        for start in range(0, len(keys), _SHARDS_AT_A_TIME):
            plan = self.plan({shard: shards[shard] for shard in keys[start : start + _SHARDS_AT_A_TIME]})
            self.on_feeds_not_due(sum(len(part.feeds) - len(part.due) for part in plan))
            reports.append(self.execute(plan))
        return RunReport.merge(reports)

    def plan(self, shards: Mapping[Shard, Sequence[Feed]] | None = None) -> list[ShardPlan]:
        """Find out which feeds of these shards are due (default: of all shards). Reads each shard's state once."""
        shards = shards_of(self.archive.feeds.feeds) if shards is None else shards
        if len(shards) == 1:  # a worker on AWS, or a small archive: no thread is needed
            return [self.plan_shard(shard, feeds) for shard, feeds in shards.items()]
        return list(in_parallel(lambda each: self.plan_shard(*each), shards.items(), self.workers))

    def plan_shard(self, shard: Shard, feeds: Sequence[Feed]) -> ShardPlan:
        """Find out which feeds of a shard are due. With ``check_clock``, raises WrongClock if the clock is wrong."""
        state, now = load_state(self.store, shard, feeds), self.clock()
        if self.check_clock:
            require_time_after((each.last_poll for each in state.feeds.values()), now, self.store.location)
        jobs = [_job(feed, shard, state) for feed in feeds]
        ids = {feed.id for feed in self.archive.feeds.feeds}
        states = {job.feed.id: without_lost_owner(job.state, ids, self.find_subscription) for job in jobs}
        due = [job for job in jobs if self.poll_all or is_due(job.feed, states[job.feed.id], job.host_state, now)]
        return ShardPlan(shard, feeds, [job.feed for job in due], state)

    def execute(self, plan: Sequence[ShardPlan]) -> RunReport:
        """Poll the feeds of a plan.

        If the store fails, tries to save the state of all finished feeds, and then raises StoreError.
        """
        reports: list[FeedReport] = []
        shards = {part.shard: ShardProgress(part, len(part.due)) for part in plan}
        jobs = [_job(feed, part.shard, part.state) for part in plan for feed in part.due]

        def record(result: PollResult) -> None:
            progress = shards[result.job.shard]
            progress.record(result)
            if self.one_at_a_time or not progress.waiting:
                self._save(progress)
            if result.report:
                reports.append(result.report)
                self.on_feed_done(result.report)

        def save_all() -> None:
            for progress in shards.values():
                self._save(progress)

        try:
            if jobs:
                self._poll(jobs, record, save_all)
        finally:
            save_all()
        feeds, left = sum(len(part.feeds) for part in plan), sum(progress.left for progress in shards.values())
        return RunReport(feeds, tuple(reports), left)

    def _poll(
        self, jobs: list[FeedJob], record: Callable[[PollResult], None], on_interrupt: Callable[[], None]
    ) -> None:
        """Poll many hosts at the same time, and the feeds of each host one after another."""
        settings = self.archive.feeds
        latest = self.deadline - _RESERVE if self.deadline else None
        archiver = Archiver(self.store, self.archive.time_zone, self.clock, settings.retention, latest)
        owners = owners_of_urls(settings.feeds, {job.feed.id: job.state for job in jobs})
        private, largest = settings.allow_private_addresses, settings.max_body_bytes
        with closing(Fetcher(settings.contact, private, settings.proxy, max_bytes=largest)) as fetcher:
            tools = PollTools(
                fetcher, self.parsers, archiver, owners,
                keep_document=self.keep_document, find_subscription=self.find_subscription,
            )  # fmt: skip
            poll_in_sequence = partial(self._poll_in_sequence, tools)
            if self.one_at_a_time:
                for result in poll_in_sequence(self.random.sample(jobs, len(jobs))):
                    record(result)
            else:
                hosts = [partial(poll_in_sequence, host_jobs) for host_jobs in _by_host(jobs)]
                run_concurrently(hosts, len(jobs), self.workers, record, on_interrupt)

    def _poll_in_sequence(self, tools: PollTools, jobs: list[FeedJob]) -> Iterator[PollResult]:
        """Poll one feed after another. Skip a feed if the deadline is near, or if its host is rate limiting us."""
        # Two shards may have different states of one host. Use the state with the latest rate limit.
        hosts = {job.host_and_port: job.host_state for job in sorted(jobs, key=_host_rate_limited_until)}
        seen: dict[str, Collection[SeenArticle]] = {}
        tools = replace(tools, on_seen=partial(self._note_seen, seen))
        for job in jobs:
            now, host = self.clock(), hosts[job.host_and_port]
            extra = max((job.feed.timeout or DEFAULT_TIMEOUT) - DEFAULT_TIMEOUT, timedelta())
            if self.deadline and now + MAX_POLL_TIME + extra > self.deadline:
                yield PollResult(job, host)
            elif not self.force and (until := rate_limited_until(job.state, host, now)):
                yield PollResult(job, host, _deferred(job.feed, until))
            else:
                report, state = poll_feed(job.feed, job.state, tools, now)
                host = hosts[job.host_and_port] = host_state_after_poll(job.host, host, state, now)
                yield PollResult(job, host, report, state, seen.pop(job.feed.id, ()))

    def _note_seen(
        self, seen: dict[str, Collection[SeenArticle]], feed: Feed, articles: Collection[SeenArticle]
    ) -> None:
        if self.follow_up and articles and self.follow_up.wants(feed):
            seen[feed.id] = tuple(articles)

    def _save(self, progress: ShardProgress) -> None:
        if not progress.states and not progress.hosts:
            return
        plan = progress.plan
        self.store.sync()
        if self.follow_up and progress.seen:
            self.follow_up.note(self.store, plan.shard, progress.seen)
            progress.seen.clear()
        # With --feeds FILE, keep the states of all feeds: the archive's own feeds.toml may have feeds that FILE lacks.
        feed_ids = None if self.archive.external_feeds else [feed.id for feed in plan.feeds]
        save_state(self.store, plan.shard, plan.state, progress.states, feed_ids, progress.hosts)
        progress.states.clear()
        progress.hosts.clear()


def _job(feed: Feed, shard: Shard, states: ShardState) -> FeedJob:
    state = states.of(feed)
    host = host_of(url_to_poll(feed, state))
    return FeedJob(feed, shard, next_poll(feed, state).at, state, host, *states.host_of(feed))


def _host_rate_limited_until(job: FeedJob) -> datetime:
    return job.host_state.until if job.host_state else NEVER


def _by_host(jobs: Iterable[FeedJob]) -> list[list[FeedJob]]:
    """Group the jobs of all shards by host (on any port). In a group, the feed that became due first comes first."""
    hosts: defaultdict[str, list[FeedJob]] = defaultdict(list)
    for job in sorted(jobs, key=lambda job: job.due):
        hosts[job.host].append(job)
    return list(hosts.values())


def _deferred(feed: Feed, until: datetime) -> FeedReport:
    problem = Problem(feed.id, FeedError.DEFERRED, f"rate limited until {until:%Y-%m-%d %H:%M} UTC")
    return FeedReport(feed.id, FeedOutcome.DEFERRED, problems=(problem,))
