"""The polling state of a feed, of a host, and of a shard (feeds that are polled together)."""

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
    """The state of a feed: what its polls have found so far.

    The last poll:

    - ``last_poll``: the time of the last poll.
    - ``last_success``: the time of the last poll without an error.
    - ``etag``, ``last_modified``: the validators of the last response, byte for byte.
    - ``validators_url``: the URL that sent the validators, if it is not the polled URL; otherwise "".
    - ``body_hash``: a hash of the last document.
    - ``fresh_for``: how long the last response stays fresh (cache_headers.py); None if the server does not tell.
    - ``unmodified_since``: since when every response has been HTTP 304 ("not modified"); None if the last response was
      different.
    - ``untrue_304``: when the server last sent HTTP 304 although the document had new entries.

    The current failure. These fields are empty if the last poll succeeded:

    - ``failing_since``: the time of the first failure. Since then, every poll has failed.
    - ``failures``: how many polls in a row have failed.
    - ``error_kind``: the kind of the last error.
    - ``error_status``: the HTTP status of the last error; 0 if there was no response.
    - ``error``: the message of the last error.
    - ``advertised_feeds``: if the server sent a web page instead of a feed, the feeds that the page links to.
    - ``retry_after``: how long the server asks to wait after the last poll.
    - ``gone_since``: since when every response has been HTTP 410 ("gone").

    The last error that was reported. The same error is reported at most once a day:

    - ``reported_error``: the kind and HTTP status of the error.
    - ``reported_at``: when it was reported.

    The last document:

    - ``title``: the title of the feed.
    - ``damage``: what had to be repaired in the document.
    - ``update_interval``: how often the feed should be polled, according to the document.
    - ``known_entries``: the entries that the next poll skips, by hash. The value is the id of the article, or "" if the
      entry was rejected.
    - ``wordings``: the wording (a fingerprint of title and text) of each article, by article id.
    - ``xml_hashes``: the known entries by the hash of their XML (parsing/skip_known.py).
    - ``rules_hash``: the hash of the feed's ``keep`` and ``drop`` rules (``Feed.rules_hash``) at the last poll.
    - ``text_rules``: the value of TEXT_RULES at the last poll (article/choose_text.py).

    How the feed behaves:

    - ``last_new_entry``: the time of the last poll that found a new entry.
    - ``turnover``: an estimate of the time in which new entries replace all entries of the document.
    - ``polled_once``: whether exactly one poll has succeeded so far.
    - ``noisy``: whether most entries change at every poll (archive/noisy_feeds.py).
    - ``changes``: how the entries changed at each of the last polls that got a document.
    - ``held_back``: the edits that were reported but are not archived yet (archive/revision_rules.py), by article id.
    - ``last_gap``: when a document last had no entry of the previous document. Entries may have been missed in between.

    Where the feed is polled:

    - ``url``: the subscribed URL to which this state belongs.
    - ``new_url``: the URL that is polled instead, because a permanent redirect to it was confirmed.
    - ``redirect_url``: the target of a permanent redirect that is not confirmed yet.
    - ``redirect_since``: when this redirect was first seen.
    - ``same_as``: the id of another feed, if this feed has moved to its URL. Only the other feed is polled.
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
        """The message of the last error, with the URLs of ``advertised_feeds``; "" if the last poll succeeded."""
        return with_advertised_feeds(self.error, self.advertised_feeds)


@dataclass(frozen=True)
class HostState:
    """The state of a host that sent HTTP 429.

    - ``until``: before this time, no request may be sent to the host.
    - ``refusals``: how many times in a row the host has sent HTTP 429.
    """

    until: datetime
    refusals: int = 1


@dataclass(frozen=True)
class ShardState:
    """The state of a shard.

    - ``feeds``: the states of the shard's feeds, by feed id.
    - ``stored``: the state file from which the states were read; None if the shard has no state file yet.
    - ``hosts``: the states of rate limited hosts, by host and port, such as ``example.org:8080``.
    - ``former_ids``: maps the former id of a feed to its current id, if the id has changed since release 0.1.0.
    """

    feeds: Mapping[str, FeedState]
    stored: Stored | None
    hosts: Mapping[str, HostState] = field(default_factory=dict)
    former_ids: Mapping[str, str] = field(default_factory=dict)

    def with_former_ids(self, former_ids: Mapping[str, str]) -> ShardState:
        """Return a copy with the current ids of feeds instead of their former ids."""
        renamed = {new: self.feeds[former] for former, new in former_ids.items() if former in self.feeds}
        feeds = renamed | {i: state for i, state in self.feeds.items() if i not in former_ids}
        return replace(self, feeds=feeds, former_ids=former_ids)

    def of(self, feed: Feed) -> FeedState:
        """Return the state of a feed; an empty state if it was never polled.

        If the user has changed the feed's URL, only the fields about its entries are kept. The other fields belong to
        the old URL.
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
        """Return the host (with its port) of the URL to poll, and the state of this host; None if it has no state."""
        host = host_and_port(url_to_poll(feed, self.of(feed)))
        return host, self.hosts.get(host)


def url_to_poll(feed: Feed, state: FeedState) -> str:
    """The URL to poll: the new URL if the feed has moved, otherwise the subscribed URL."""
    return state.new_url or feed.url
