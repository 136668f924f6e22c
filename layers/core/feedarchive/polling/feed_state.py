"""What is remembered of a feed, of its host, and of all feeds of a shard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from feedarchive.feeds.feed import Feed
from feedarchive.urls import host_of, without_credentials

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class FeedState:
    """What the polls of one feed have shown so far. Validators are byte for byte the server's.

    ``tried`` and ``succeeded`` are the last poll and the last good one; ``failing_since``, ``failures`` (in a row),
    ``error_kind``, ``error_status`` (of the answer, 0 without one) and ``error`` tell of a feed that fails now, and
    ``retry_after`` how long its server asked to be left alone then. ``fresh_for`` is how long the last good answer
    stays fresh, ``every`` how often the document says to poll it.

    ``known`` are the entries of the last document that need no second look, by mark, with their article's id;
    ``wordings`` the wording of every article in it, by id, ``seals`` what tells by their bytes alone that entries are
    known (see reading.shortened). ``news`` is the last poll with an entry the one before
    did not show, ``turnover`` the time in which all of the document's entries are replaced, as last seen. ``newcomer``
    is a feed polled well only once. ``noisy`` says that most entries had other words than at the poll before. ``gap``
    is when a poll last showed no entry that was known. ``damage`` is what was wrong with the last document when it had
    to be guessed at, ``title`` is that document's. ``rules`` are the ``Feed.rules`` by which entries were kept out.

    ``url`` is the subscribed address all this is about. ``address`` is polled in its place, once a permanent redirect
    is proven; ``moved_to`` is where one leads since ``moved_since`` that is not proven yet. ``gone`` is since when the
    server says the feed is gone for good.
    """

    tried: datetime = NEVER
    succeeded: datetime = NEVER
    failing_since: datetime | None = None
    failures: int = 0
    error_kind: str = ""
    error_status: int = 0
    error: str = ""
    retry_after: timedelta | None = None
    fresh_for: timedelta | None = None
    every: timedelta | None = None
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    known: Mapping[str, str] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)
    seals: Mapping[str, str] = field(default_factory=dict)
    news: datetime | None = None
    turnover: timedelta | None = None
    newcomer: bool = False
    noisy: bool = False
    gap: datetime | None = None
    damage: str = ""
    rules: str = ""
    title: str = ""
    url: str = ""
    address: str = ""
    moved_to: str = ""
    moved_since: datetime | None = None
    gone: datetime | None = None


@dataclass(frozen=True)
class HostState:
    """A host that answered 429, ``refusals`` times in a row: nothing on it is asked before ``until``."""

    until: datetime
    refusals: int = 1


@dataclass(frozen=True)
class ShardState:
    """The states of a shard's feeds by feed id, of hosts that want to be left alone by host, and the version
    they were read at (None: no object)."""

    feeds: Mapping[str, FeedState]
    version: str | None
    hosts: Mapping[str, HostState] = field(default_factory=dict)

    def of(self, feed: Feed) -> FeedState:
        """A feed's state. Of a feed whose URL was changed only what it showed is left: all else was of the old one."""
        state, url = self.feeds.get(feed.id), without_credentials(feed.url)
        if state is None:
            return FeedState(url=url)
        if state.url not in ("", url):
            return FeedState(url=url, known=state.known, wordings=state.wordings, news=state.news, rules=state.rules)
        return state

    def host_of(self, feed: Feed) -> tuple[str, HostState | None]:
        """The host a feed is polled from, and what is remembered of it."""
        host = host_of(address_of(feed, self.of(feed)))
        return host, self.hosts.get(host)


def address_of(feed: Feed, state: FeedState) -> str:
    """The address to poll."""
    return state.address or feed.url
