"""Read and edit the feeds.toml of an archive.

If another process changes the file at the same time, the new file is read and edited again.
"""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from feedarchive.archive.manifest import require_time_zone
from feedarchive.archive.stored_feeds import FEEDS_FILE, decode_feeds_file
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList, InvalidFeedsFile, parse_feeds_file
from feedarchive.polling.saved_state import load_state
from feedarchive.polling.shards import shards_of
from feedarchive.store.interface import Store, Stored
from feedarchive.store.update import update
from feedarchive.subscriptions.errors import CannotEdit
from feedarchive.subscriptions.feed_ids import readable_id
from feedarchive.subscriptions.feed_lookup import url_keys
from feedarchive.subscriptions.feed_urls import spelling_key
from feedarchive.subscriptions.feeds_file_editor import NewFeed, append_feeds, remove_feeds

_BOM = "\ufeff"


@dataclass(frozen=True)
class WantedFeed:
    """A feed to subscribe to.

    - ``found_at``: the URL of the feed after redirects; "" if unknown.
    - ``insists_on_id``: what to do if another feed has the same id: raise IdTaken (True) or choose another id (False).
    """

    feed: NewFeed
    found_at: str = ""
    insists_on_id: bool = True


@dataclass(frozen=True)
class Added:
    """A feed that was added to feeds.toml, with its id."""

    feed: NewFeed


@dataclass(frozen=True)
class AlreadySubscribed:
    """A feed that was not added, because feeds.toml already contains it.

    - ``url``: the URL of the feed that was not added.
    - ``feed``: the feed in feeds.toml that has this URL, or has moved to it.
    """

    url: str
    feed: Feed


class IdTaken(Exception):
    """Another feed already has the requested id. The message has one line."""


@dataclass(frozen=True)
class KnownFeeds:
    """The feeds of an archive, and the new URLs of feeds that have moved.

    ``moved_to`` maps the ``spelling_key`` of each new URL to the id of the feed.
    """

    feeds: tuple[Feed, ...]
    moved_to: Mapping[str, str]

    def at(self, urls: Collection[str]) -> Feed | None:
        """Find the feed that has one of these URLs or has moved to one of them. Returns None if there is none."""
        keys = {spelling_key(url) for url in urls}
        by_id = {self.moved_to[key] for key in keys & self.moved_to.keys()}
        return next((feed for feed in self.feeds if keys.intersection(url_keys(feed)) or feed.id in by_id), None)


def read_feeds(store: Store) -> FeedList:
    """Read the feeds.toml of an archive. Raises NotAnArchive, InvalidFeedsFile or StoreError."""
    stored = store.read(FEEDS_FILE)
    if stored is None:
        require_time_zone(store)
    return _parse(store, _text(store, stored))


def known_feeds(store: Store, feeds: Sequence[Feed]) -> KnownFeeds:
    """Read the polling state of the feeds to find the URLs to which they have moved."""
    moved_to: dict[str, str] = {}
    for shard, some in shards_of(feeds).items():
        states = load_state(store, shard, some)
        for feed in some:
            state = states.of(feed)
            moved_to |= {spelling_key(url): feed.id for url in (state.new_url, state.redirect_url) if url}
    return KnownFeeds(tuple(feeds), moved_to)


def subscribe(
    store: Store, wanted: Sequence[WantedFeed], moved_to: Mapping[str, str]
) -> list[Added | AlreadySubscribed]:
    """Add feeds to feeds.toml. Returns one outcome for each feed, in the same order.

    Feeds that feeds.toml already contains are skipped. A feed without an id gets one. ``moved_to``: see KnownFeeds.

    Raises IdTaken, CannotEdit, InvalidFeedsFile or StoreError. In these cases feeds.toml is unchanged.
    """
    outcomes: list[Added | AlreadySubscribed] = []

    def edited(text: str) -> str:
        nonlocal outcomes
        outcomes = _outcomes(KnownFeeds(_parse(store, text).feeds, moved_to), wanted)
        return append_feeds(text, [outcome.feed for outcome in outcomes if isinstance(outcome, Added)])

    _edit(store, edited)
    return outcomes


def unsubscribe(store: Store, ids: Collection[str]) -> None:
    """Remove the feeds with these ids from feeds.toml. Raises CannotEdit, InvalidFeedsFile or StoreError."""

    def edited(text: str) -> str:
        _parse(store, text)
        return remove_feeds(text, ids)

    _edit(store, edited)


def _outcomes(known: KnownFeeds, wanted: Sequence[WantedFeed]) -> list[Added | AlreadySubscribed]:
    by_key = {key: feed for feed in reversed(known.feeds) for key in url_keys(feed)}
    by_id = {feed.id: feed for feed in known.feeds}
    by_key |= {key: by_id[feed_id] for key, feed_id in known.moved_to.items() if feed_id in by_id}
    taken = {feed.id.lower() for feed in known.feeds}
    outcomes: list[Added | AlreadySubscribed] = []
    for each in wanted:
        new = each.feed
        found = next((by_key[key] for url in (new.url, each.found_at) if (key := spelling_key(url)) in by_key), None)
        if found:
            outcomes.append(AlreadySubscribed(new.url, found))
            continue
        if new.id.lower() in taken:
            if each.insists_on_id:
                raise IdTaken(f"another feed has the id {new.id}: choose another id with --id, or omit --id")
            new = replace(new, id="")
        new = replace(new, id=new.id or readable_id(new.url, new.title, taken))
        taken.add(new.id.lower())
        by_key[spelling_key(new.url)] = Feed(new.url, new.id, new.title, new.tags)
        outcomes.append(Added(new))
    return outcomes


def _edit(store: Store, edited: Callable[[str], str]) -> None:
    def make(stored: Stored | None) -> bytes:
        text = _text(store, stored)
        try:
            new = edited(text)
        except CannotEdit as error:
            raise CannotEdit(f"{store.location}/{FEEDS_FILE}: {error}") from None
        if new != text:
            _parse(store, new)  # raises InvalidFeedsFile if the next run could not read the new text
        had_bom = stored is not None and stored.data.startswith(_BOM.encode())
        return ((_BOM if had_bom else "") + new).encode()

    update(store, FEEDS_FILE, make)


def _text(store: Store, stored: Stored | None) -> str:
    if stored is None:
        raise InvalidFeedsFile(f"{store.location}/{FEEDS_FILE} is missing: create it")
    return decode_feeds_file(stored.data, f"{store.location}/{FEEDS_FILE}")


def _parse(store: Store, text: str) -> FeedList:
    """Parse the text of feeds.toml. An empty file is accepted, so that its first feed can be added."""
    try:
        is_empty = not tomllib.loads(text)
    except (ValueError, RecursionError):
        is_empty = False
    return FeedList(()) if is_empty else parse_feeds_file(text, f"{store.location}/{FEEDS_FILE}")
