"""A run: the feeds of each shard that are due, polled, archived and remembered."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from queue import SimpleQueue
from threading import Event

from feedarchive.archive.once import Archiver
from feedarchive.archive.open import OpenArchive
from feedarchive.feeds.feed import Feed
from feedarchive.identity.addresses import host_of
from feedarchive.polling.due import is_due
from feedarchive.polling.fetch import Fetcher
from feedarchive.polling.poll import poll_feed
from feedarchive.polling.shards import Shard, shards_of
from feedarchive.polling.state import FeedState, ShardState, load_state, save_state
from feedarchive.reading.readers import shared_readers
from feedarchive.report import FeedReport, RunReport
from feedarchive.store.interface import Store

WORKERS = 16

Polled = tuple[FeedReport, FeedState]


@dataclass(frozen=True)
class ShardRun:
    """One shard's feeds, those of them to poll now (longest waiting first), and its state."""

    shard: Shard
    feeds: Sequence[Feed]
    due: Sequence[Feed]
    state: ShardState


@dataclass(frozen=True)
class Run:
    """What a run works with. ``each`` hears of every feed as it is done."""

    store: Store
    archive: OpenArchive
    clock: Callable[[], datetime]
    poll_all: bool = False
    each: Callable[[FeedReport], None] = lambda report: None

    def plan(self) -> list[ShardRun]:
        """What is to be done now. Reads each shard's state once."""
        now, planned = self.clock(), []
        for shard, feeds in shards_of(self.archive.feeds.feeds).items():
            state = load_state(self.store, shard)
            due = [f for f in feeds if self.poll_all or is_due(f, state.feeds.get(f.id), now)]
            due.sort(key=lambda f: state.feeds.get(f.id, FeedState()).tried)
            planned.append(ShardRun(shard, feeds, due, state))
        return planned

    def go(self, plan: Sequence[ShardRun]) -> RunReport:
        """Do what is planned. Raises StoreError when storage fails; finished feeds are remembered then too."""
        reports = [report for shard_run in plan if shard_run.due for report in self._poll_shard(shard_run)]
        return RunReport(len(self.archive.feeds.feeds), tuple(reports))

    def _poll_shard(self, shard_run: ShardRun) -> list[FeedReport]:
        done: dict[str, FeedState] = {}
        reports = []
        try:
            for report, state in self._poll_hosts(shard_run):
                reports.append(report)
                done[report.feed] = state
                self.each(report)
        finally:
            # After a failure too: what is finished stays finished, and no state is saved of the rest.
            if done:
                self.store.sync()
                save_state(self.store, shard_run.shard, shard_run.state, done, [f.id for f in shard_run.feeds])
        return reports

    def _poll_hosts(self, shard_run: ShardRun) -> Iterator[Polled]:
        """Different hosts at the same time, the feeds of one host one after another."""
        hosts: defaultdict[str, list[Feed]] = defaultdict(list)
        for feed in shard_run.due:
            hosts[host_of(feed.url)].append(feed)
        settings = self.archive.feeds
        fetcher = Fetcher(settings.contact, settings.allow_private_addresses)
        readers = shared_readers()
        archiver = Archiver(self.store, self.archive.time_zone, self.clock, settings.retention)
        answers: SimpleQueue[Polled | BaseException] = SimpleQueue()
        stop = Event()

        def poll_host(feeds: list[Feed]) -> None:
            for feed in feeds:
                if stop.is_set():
                    return
                try:
                    state = shard_run.state.feeds.get(feed.id, FeedState())
                    answers.put(poll_feed(feed, state, fetcher, readers, archiver, self.clock()))
                except BaseException as error:  # noqa: BLE001 - raised by the thread that composes the run
                    answers.put(error)
                    return

        with ThreadPoolExecutor(max_workers=WORKERS) as pool:
            try:
                for feeds in hosts.values():
                    pool.submit(poll_host, feeds)
                for _ in shard_run.due:
                    answer = answers.get()
                    if isinstance(answer, BaseException):
                        raise answer
                    yield answer
            finally:
                stop.set()
