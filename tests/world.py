"""A world of servers whose every answer is scripted, with a clock that moves on when the test says so.

Runs are real: over real HTTP on loopback, into a real folder.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from pathlib import Path
from zoneinfo import ZoneInfo

from clock import Clock
from feedarchive.archive.open_archive import OpenArchive
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.health.feed_health import FeedHealth
from feedarchive.health.status_json import all_health, load_states
from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.saved_state import load_state
from feedarchive.polling.shards import shards_of
from feedarchive.report import FeedReport, Problem, RunReport
from feedarchive.run import Run
from feedarchive.store.folder import FolderStore
from loopback import Answer, Asked, FeedServer, Script, feed_server
from press import Item, rss

MINUTES, HOURS, DAYS = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


@dataclass
class World:
    """Servers, one archive, a clock and the feeds it polls. ``reports`` has every feed's every report."""

    folder: Path
    clock: Clock
    stack: ExitStack
    feeds: list[Feed] = field(default_factory=list)
    reports: list[FeedReport] = field(default_factory=list)
    hosts: int = 0

    def __post_init__(self) -> None:
        self.store = FolderStore(self.folder)

    def server(self) -> FeedServer:
        """A server on an address of its own, so a host of its own, that lives by the world's clock."""
        self.hosts += 1
        return self.stack.enter_context(feed_server(f"127.0.7.{self.hosts}", self.clock))

    def subscribe(self, url: str, name: str = "feed", **wishes: object) -> Feed:
        feed = Feed(url, name, **wishes)  # type: ignore[arg-type]
        self.feeds = [*(other for other in self.feeds if other.id != name), feed]
        return feed

    def run(self, poll_all: bool = False) -> RunReport:
        archive = OpenArchive(ZoneInfo("UTC"), FeedList(tuple(self.feeds), allow_private_addresses=True), False)
        run = Run(self.store, archive, self.clock, poll_all, self.reports.append)
        return run.go(run.plan())

    def live(self, span: timedelta, every: timedelta = 15 * MINUTES) -> None:
        """Time passes; on schedule runs come, the first one now."""
        end = self.clock() + span
        while self.clock() < end:
            self.run()
            self.clock.now += every

    def state(self, name: str = "feed") -> FeedState:
        for shard, feeds in shards_of(self.feeds).items():
            for feed in feeds:
                if feed.id == name:
                    return load_state(self.store, shard).of(feed)
        raise KeyError(name)

    def health(self, name: str = "feed") -> FeedHealth:
        found = all_health(self.feeds, load_states(self.store, self.feeds), {}, self.clock())
        return next(health for health in found if health.feed == name)

    def problems(self, kind: str) -> list[Problem]:
        return [problem for report in self.reports for problem in report.problems if problem.kind == kind]


def times(server: FeedServer, path: str = "/feed") -> list[datetime]:
    """When a path was asked for."""
    return [asked.at for asked in server.asked if asked.path == path and asked.at]


def waits(server: FeedServer, path: str = "/feed") -> list[timedelta]:
    """The times between two requests for a path."""
    asked = times(server, path)
    return [after - before for before, after in pairwise(asked)]


def news(*numbers: int) -> bytes:
    """A document with these articles, the newest first as feeds have it."""
    items = [
        Item(f"Article {n}", link=f"https://example.org/{n}", guid=f"tag:{n}", text=f"The story number {n}.")
        for n in sorted(numbers, reverse=True)
    ]
    return rss(*items)


def sequence(*answers: Answer | Script) -> Script:
    """One answer after another; the last stays."""
    left = list(answers)

    def script(asked: Asked) -> Answer:
        answer = left.pop(0) if len(left) > 1 else left[0]
        return answer if isinstance(answer, Answer) else answer(asked)

    return script


def conditional(body: Callable[[], bytes], **headers: str) -> Script:
    """A good server: ETags that follow the body, a 304 where it may, these headers on both."""

    def script(asked: Asked) -> Answer:
        document = body()
        sent = {"ETag": f'"{abs(hash(document))}"', **{name.replace("_", "-"): v for name, v in headers.items()}}
        if asked.headers.get("If-None-Match") == sent["ETag"]:
            return Answer(status=304, headers=sent)
        return Answer(document, headers={"Content-Type": "application/rss+xml", **sent})

    return script
