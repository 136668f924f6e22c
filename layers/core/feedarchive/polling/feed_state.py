"""Polling state: what the next poll must know about a feed, its host, and all feeds of a shard."""

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
    """What the polls of one feed have found so far. state_json.py has the names of the fields in the file.

    The last poll:

    - ``last_poll``, ``last_success``: its time, and the time of the last one without an error.
    - ``failing_since``, ``failures`` (in a row), ``error_kind``, ``error_status`` (HTTP, 0 without a response),
      ``error``, ``advertised_feeds`` (of a web page), ``retry_after``: the error, while the feed fails.
    - ``reported_error``, ``reported_at``: the kind and status of an error, and when it was reported: a server that
      fails now and then is reported once a day.
    - ``gone_since``: since when the server responds with HTTP 410.
    - ``etag``, ``last_modified``, ``body_hash``, ``fresh_for``: of the last document; the first two byte for byte.
    - ``validators_url``: the URL whose response had these validators, if it is not the URL that is polled.
    - ``unmodified_since``: the first of the polls in a row at which the server answered "not modified" (HTTP 304).
    - ``untrue_304``: the last poll at which "not modified" was untrue: the document had new entries.

    The last document:

    - ``title``; ``damage``: what had to be repaired; ``update_interval``: how often the publisher says to poll.
    - ``known_entries``: article id by entry hash, of entries that the next poll skips ("" for a rejected one).
    - ``wordings``: wording by article id. ``xml_hashes``: see parsing/skip_known.py.
    - ``rules_hash``: the ``Feed.rules_hash`` by which entries were excluded.
    - ``text_rules``: the version of the rules by which articles' texts were chosen.

    How the feed behaves:

    - ``last_new_entry``: the last poll with an entry that the poll before did not have.
    - ``turnover``: the time in which all entries of the document are replaced, as last observed.
    - ``polled_once``: there was only one successful poll so far.
    - ``noisy``: most entries change at every poll. ``changes``: how many changed at the last polls that had a document.
    - ``held_back``: by article id, edits that were held back and reported.
    - ``last_gap``: the last poll whose document had no entry of the poll before.

    Where it is polled:

    - ``url``: the subscribed URL to which this state belongs.
    - ``new_url``: the URL that is polled instead, because a permanent redirect to it was confirmed.
    - ``redirect_url``, ``redirect_since``: a permanent redirect that is not confirmed yet.
    - ``same_as``: the id of the other feed to whose URL this one has moved, so that only the other one is polled.
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
        """The error with the feeds that the page advertises; "" without an error."""
        return with_advertised_feeds(self.error, self.advertised_feeds)


@dataclass(frozen=True)
class HostState:
    """A host that sent HTTP 429 ``refusals`` times in a row: no request to it before ``until``."""

    until: datetime
    refusals: int = 1


@dataclass(frozen=True)
class ShardState:
    """The states of a shard's feeds by feed id, and of rate limited hosts by host.

    The name of a host includes its port unless that is the default one: another port is often another program.

    ``stored`` is the object that both were read from; None if the shard has no state file yet. ``former_ids`` are the
    ids of feeds that had another one in release 0.1.0, by that id.
    """

    feeds: Mapping[str, FeedState]
    stored: Stored | None
    hosts: Mapping[str, HostState] = field(default_factory=dict)
    former_ids: Mapping[str, str] = field(default_factory=dict)

    def with_former_ids(self, former_ids: Mapping[str, str]) -> ShardState:
        """The states of these feeds under their new ids."""
        renamed = {new: self.feeds[former] for former, new in former_ids.items() if former in self.feeds}
        feeds = renamed | {i: state for i, state in self.feeds.items() if i not in former_ids}
        return replace(self, feeds=feeds, former_ids=former_ids)

    def of(self, feed: Feed) -> FeedState:
        """The state of a feed.

        If the feed's URL was changed since, only what is known about entries is kept; everything else starts anew.
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
        """The host (and port) a feed is polled from, and its state."""
        host = host_and_port(url_to_poll(feed, self.of(feed)))
        return host, self.hosts.get(host)


def url_to_poll(feed: Feed, state: FeedState) -> str:
    """The URL to poll: the one that the feed has moved to, or else the subscribed one."""
    return state.new_url or feed.url
