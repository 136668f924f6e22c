"""Polling state: what the next poll must know about a feed, about its host, and about all feeds of a shard."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from feedarchive.archive.document_result import HeldBack
from feedarchive.archive.noisy_feeds import Changes
from feedarchive.feeds.feed import Feed
from feedarchive.polling.results import with_advertised_feeds
from feedarchive.problems import FeedError
from feedarchive.store.interface import Stored
from feedarchive.url_secrets import public_url
from feedarchive.urls import host_and_port

NEVER = datetime(1970, 1, 1, tzinfo=UTC)


@dataclass(frozen=True)
class FeedState:
    """What the polls of one feed have found so far. state_json.py has the names of the fields in the state file.

    The last poll:

    - ``last_poll``: its time.
    - ``last_success``: the time of the last poll without an error.
    - ``etag``, ``last_modified``: the validators of the last response, byte for byte.
    - ``validators_url``: the URL whose response had the validators; "" if it is the URL that is polled.
    - ``body_hash``: a hash of the last document.
    - ``fresh_for``: how long the last response stays fresh.
    - ``unmodified_since``: the first of the latest polls in a row that the server answered with HTTP 304.
    - ``untrue_304``: the last poll at which HTTP 304 ("not modified") was untrue: the document had new entries.

    The current failure; blank while the feed does not fail:

    - ``failing_since``: the first of the failures in a row.
    - ``failures``: their number.
    - ``error_kind``, ``error_status``, ``error``: the kind, HTTP status (0 without a response) and text of the error.
    - ``advertised_feeds``: the feeds that a web page at the feed's URL links to.
    - ``retry_after``: how long the server asks to wait.
    - ``gone_since``: since when the server responds with HTTP 410.

    The last error that was reported, so that a server that fails now and then is reported once a day:

    - ``reported_error``: its kind and status.
    - ``reported_at``: when it was reported.

    The last document:

    - ``title``: the title of the feed.
    - ``damage``: what had to be repaired in the document.
    - ``update_interval``: how often the document says that it should be polled.
    - ``known_entries``: the entries that the next poll skips: their article ids ("" if rejected) by entry hash.
    - ``wordings``: the wording (a fingerprint of title and text) of each article, by article id.
    - ``xml_hashes``: see parsing/skip_known.py.
    - ``rules_hash``: the ``Feed.rules_hash`` by which entries were excluded.
    - ``text_rules``: the version of the rules by which the texts of articles were chosen.

    How the feed behaves:

    - ``last_new_entry``: the last poll with an entry that the poll before did not have.
    - ``turnover``: the time in which all entries of the document are replaced, as last observed.
    - ``polled_once``: only one poll has succeeded so far.
    - ``noisy``: most entries change at every poll.
    - ``changes``: how the entries changed at each of the last polls that got a document.
    - ``held_back``: edits that were held back and reported, by article id.
    - ``last_gap``: the last poll whose document had no entry of the poll before.

    Where the feed is polled:

    - ``url``: the subscribed URL to which this state belongs.
    - ``new_url``: the URL that is polled instead, because a permanent redirect to it was confirmed.
    - ``redirect_url``, ``redirect_since``: a permanent redirect that is not confirmed yet.
    - ``same_as``: the id of another feed to whose URL this feed has moved. Then only the other feed is polled.
    """

    last_poll: datetime = NEVER
    last_success: datetime = NEVER
    failing_since: datetime | None = None
    failures: int = 0
    error_kind: FeedError | None = None
    error_status: int = 0
    error: str = ""
    retry_after: timedelta | None = None
    fresh_for: timedelta | None = None
    update_interval: timedelta | None = None
    etag: str = ""
    last_modified: str = ""
    body_hash: str = ""
    known_entries: Mapping[str, str] = field(default_factory=dict)
    wordings: Mapping[str, str] = field(default_factory=dict)
    xml_hashes: Mapping[str, str] = field(default_factory=dict)
    last_new_entry: datetime | None = None
    turnover: timedelta | None = None
    polled_once: bool = False
    noisy: bool = False
    last_gap: datetime | None = None
    damage: str = ""
    rules_hash: str = ""
    text_rules: int = 0
    title: str = ""
    url: str = ""
    new_url: str = ""
    redirect_url: str = ""
    redirect_since: datetime | None = None
    gone_since: datetime | None = None
    advertised_feeds: tuple[str, ...] = ()
    validators_url: str = ""
    unmodified_since: datetime | None = None
    untrue_304: datetime | None = None
    changes: tuple[Changes, ...] = ()
    held_back: Mapping[str, HeldBack] = field(default_factory=dict)
    same_as: str = ""
    reported_error: str = ""
    reported_at: datetime | None = None

    @property
    def error_message(self) -> str:
        """The error, and the feeds that the page links to, as one message. Returns "" without an error."""
        return with_advertised_feeds(self.error, self.advertised_feeds)


@dataclass(frozen=True)
class HostState:
    """A host that sent HTTP 429 ``refusals`` times in a row. No request may be sent to it before ``until``."""

    until: datetime
    refusals: int = 1


@dataclass(frozen=True)
class ShardState:
    """The state of a shard.

    - ``feeds``: the states of the shard's feeds, by feed id.
    - ``stored``: the state file that the states were read from; None if the shard has none yet.
    - ``hosts``: the states of rate limited hosts, by host. A port that is not the default one is part of the host's
      name, because it often belongs to another program.
    - ``former_ids``: the present ids of the feeds whose ids were different in release 0.1.0, by those former ids.
    """

    feeds: Mapping[str, FeedState]
    stored: Stored | None
    hosts: Mapping[str, HostState] = field(default_factory=dict)
    former_ids: Mapping[str, str] = field(default_factory=dict)

    def with_former_ids(self, former_ids: Mapping[str, str]) -> ShardState:
        """This state, with the feeds in ``former_ids`` under their present ids."""
        renamed = {new: self.feeds[former] for former, new in former_ids.items() if former in self.feeds}
        feeds = renamed | {i: state for i, state in self.feeds.items() if i not in former_ids}
        return replace(self, feeds=feeds, former_ids=former_ids)

    def of(self, feed: Feed) -> FeedState:
        """The state of a feed.

        If the user has changed the feed's URL, only what is known about entries is kept; everything else is reset.
        """
        state, url = self.feeds.get(feed.id), feed.public_url
        if state is None:
            return FeedState(url=url)
        if public_url(state.url) not in ("", url):
            return FeedState(
                url=url,
                known_entries=state.known_entries,
                wordings=state.wordings,
                held_back=state.held_back,
                noisy=state.noisy,
                changes=state.changes,
                last_new_entry=state.last_new_entry,
                rules_hash=state.rules_hash,
                text_rules=state.text_rules,
            )
        return state

    def host_of(self, feed: Feed) -> tuple[str, HostState | None]:
        """The host (and port) from which a feed is polled, and the state of the host: None if it has none."""
        host = host_and_port(url_to_poll(feed, self.of(feed)))
        return host, self.hosts.get(host)


def url_to_poll(feed: Feed, state: FeedState) -> str:
    """The URL to poll: the URL that the feed has moved to, if any; otherwise the subscribed URL."""
    return state.new_url or feed.url
