"""Weeks of polling in milliseconds: real runs against scripted servers on loopback, with a clock the test moves."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from feedarchive.archive.open_archive import OpenArchive
from feedarchive.documents.keep import document_keeper
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.health.feed_health import FeedHealth
from feedarchive.health.load_states import all_health, load_states
from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.saved_state import load_state
from feedarchive.polling.shards import shards_of
from feedarchive.report import FeedReport, Problem, RunReport
from feedarchive.run import Run
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.feed_server import FeedServer, RecordedRequest, Response, Script, feed_server

MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass
class Simulation:
    """Servers, feeds, a clock and one archive in a folder. ``reports`` has the reports of all polls."""

    folder: Path
    clock: Clock
    stack: ExitStack
    feeds: list[Feed] = field(default_factory=list)
    reports: list[FeedReport] = field(default_factory=list)
    hosts: int = 0

    def __post_init__(self) -> None:
        self.store = FolderStore(self.folder)

    def server(self) -> FeedServer:
        """Start a server with the simulated clock. It has its own IP address, so it counts as another host."""
        self.hosts += 1
        return self.stack.enter_context(feed_server(f"127.0.7.{self.hosts}", self.clock))

    def subscribe(self, url: str, name: str = "feed", **options: object) -> Feed:
        feed = Feed(url, name, **options)  # type: ignore[arg-type]
        self.feeds = [*(other for other in self.feeds if other.id != name), feed]
        return feed

    def run(self, poll_all: bool = False) -> RunReport:
        archive = OpenArchive(ZoneInfo("UTC"), FeedList(tuple(self.feeds), allow_private_addresses=True), False)
        keeper = document_keeper(self.store)
        run = Run(self.store, archive, self.clock, poll_all, self.reports.append, keep_document=keeper)
        return run.execute(run.plan())

    def run_for(self, span: timedelta, every: timedelta = 15 * MINUTES) -> None:
        """Run, move the clock by ``every``, and repeat this until ``span`` is over."""
        end = self.clock() + span
        while self.clock() < end:
            self.run()
            self.clock.now += every

    def state(self, name: str = "feed") -> FeedState:
        for shard, feeds in shards_of(self.feeds).items():
            for feed in feeds:
                if feed.id == name:
                    return load_state(self.store, shard, feeds).of(feed)
        raise KeyError(name)

    def health(self, name: str = "feed") -> FeedHealth:
        found = all_health(self.feeds, load_states(self.store, self.feeds), {}, self.clock())
        return next(health for health in found if health.feed == name)

    def problems(self, kind: str) -> list[Problem]:
        return [problem for report in self.reports for problem in report.problems if problem.kind == kind]


def times(server: FeedServer, path: str = "/feed") -> list[datetime]:
    """When a path was requested."""
    return [request.at for request in server.requests if request.path == path and request.at]


def waits(server: FeedServer, path: str = "/feed") -> list[timedelta]:
    """The time between each request for a path and the next one."""
    return [after - before for before, after in pairwise(times(server, path))]


def sequence(*responses: Response | Script) -> Script:
    """Send one response after another, then the last one for ever."""
    left = list(responses)

    def script(request: RecordedRequest) -> Response:
        response = left.pop(0) if len(left) > 1 else left[0]
        return response if isinstance(response, Response) else response(request)

    return script


def conditional(body: Callable[[], bytes], **headers: str) -> Script:
    """A well-behaved server: an ETag for each body, 304 for an unchanged one, ``headers`` on every response."""

    def script(request: RecordedRequest) -> Response:
        document = body()
        sent = {"ETag": f'"{abs(hash(document))}"', **{name.replace("_", "-"): v for name, v in headers.items()}}
        if request.headers.get("If-None-Match") == sent["ETag"]:
            return Response(status=304, headers=sent)
        return Response(document, headers={"Content-Type": "application/rss+xml", **sent})

    return script
