"""The feeds of a shard in a run: what is planned, what was done, and what is not saved yet."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from feedarchive.archive.document_result import SeenArticle
from feedarchive.feeds.feed import Feed
from feedarchive.polling.feed_state import FeedState, HostState, ShardState
from feedarchive.polling.shards import Shard
from feedarchive.report import FeedReport


@dataclass(frozen=True)
class ShardPlan:
    """One shard: all its feeds, the feeds to poll now (``due``), and its state."""

    shard: Shard
    feeds: Sequence[Feed]
    due: Sequence[Feed]
    state: ShardState


@dataclass(frozen=True)
class FeedJob:
    """One feed to poll.

    - ``due``: when the feed became due.
    - ``state``, ``host_state``: the state of the feed and of its host when the run was planned.
    - ``host``: the host of the URL. Only one request at a time is sent to a host.
    - ``host_and_port``: the host with its port. Rate limits apply to one port of a host.
    """

    feed: Feed
    shard: Shard
    due: datetime
    state: FeedState
    host: str
    host_and_port: str
    host_state: HostState | None


@dataclass(frozen=True)
class PollResult:
    """The result of polling a feed.

    - ``report``: None if the run reached its deadline before it polled the feed.
    - ``state``: the new state of the feed; None if no request was made.
    - ``seen``: the articles of the feed whose full texts or pictures may be fetched later (polling/follow_up.py).
    """

    job: FeedJob
    host_state: HostState | None
    report: FeedReport | None = None
    state: FeedState | None = None
    seen: Collection[SeenArticle] = ()


@dataclass
class ShardProgress:
    """The progress of a shard in a run.

    - ``waiting``: the number of feeds that have no result yet.
    - ``left``: the number of feeds that were not polled before the deadline.
    - ``states``, ``hosts``, ``seen``: results that are not saved yet.
    """

    plan: ShardPlan
    waiting: int
    left: int = 0
    states: dict[str, FeedState] = field(default_factory=dict)
    hosts: dict[str, HostState | None] = field(default_factory=dict)
    seen: list[tuple[Feed, Collection[SeenArticle]]] = field(default_factory=list)

    def record(self, result: PollResult) -> None:
        self.waiting -= 1
        self.left += result.report is None
        if result.state:
            self.states[result.job.feed.id] = result.state
        if result.seen:
            self.seen.append((result.job.feed, result.seen))
        if result.host_state != self.plan.state.hosts.get(result.job.host_and_port):
            self.hosts[result.job.host_and_port] = result.host_state
