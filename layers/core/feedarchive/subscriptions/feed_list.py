"""Change the feeds of an archive: compare-and-swap on its feeds.toml, in a folder and in S3 alike."""

from __future__ import annotations

import tomllib
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, replace

from feedarchive.archive.open_archive import FEEDS_FILE
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList, InvalidFeedsFile, parse_feeds_file
from feedarchive.polling.saved_state import load_state
from feedarchive.polling.shards import shards_of
from feedarchive.store.interface import Store, Stored
from feedarchive.store.update import update
from feedarchive.subscriptions.errors import CannotEdit
from feedarchive.subscriptions.feed_ids import readable_id
from feedarchive.subscriptions.feed_urls import spelling_key
from feedarchive.subscriptions.feeds_file_editor import NewFeed, append_feeds, remove_feeds

_BOM = "\ufeff"


@dataclass(frozen=True)
class WantedFeed:
    """A feed to subscribe to. ``found_at`` is the URL that its own redirects to, "" if none is known; without
    ``insists_on_id``, another id is chosen where the wanted one is taken.
    """

    feed: NewFeed
    found_at: str = ""
    insists_on_id: bool = True


@dataclass(frozen=True)
class Added:
    """A feed that is now in feeds.toml, with the id it got."""

    feed: NewFeed


@dataclass(frozen=True)
class AlreadySubscribed:
    """A feed that is not added because this one is in feeds.toml: the same, or moved to or from this URL."""

    url: str
    feed: Feed


class IdTaken(Exception):
    """The requested id is another feed's. The message is one line."""


@dataclass(frozen=True)
class KnownFeeds:
    """The feeds of an archive, to find one by any of its URLs: also by those it has moved to."""

    feeds: tuple[Feed, ...]
    moved_to: Mapping[str, str]  # spelling key to feed id

    def at(self, urls: Collection[str]) -> Feed | None:
        """The feed that is subscribed at one of these URLs."""
        keys = {spelling_key(url) for url in urls}
        by_id = {self.moved_to[key] for key in keys & self.moved_to.keys()}
        return next((feed for feed in self.feeds if spelling_key(feed.url) in keys or feed.id in by_id), None)


def read_feeds(store: Store) -> FeedList:
    """The feeds of an archive's feeds.toml. Raises InvalidFeedsFile, StoreError."""
    return _parse(store, _text(store, store.read(FEEDS_FILE)))


def known_feeds(store: Store, feeds: Sequence[Feed]) -> KnownFeeds:
    """The feeds, with the URLs that polling found them to have moved to."""
    moved_to: dict[str, str] = {}
    for shard, some in shards_of(feeds).items():
        states = load_state(store, shard)
        for feed in some:
            state = states.of(feed)
            moved_to |= {spelling_key(url): feed.id for url in (state.address, state.moved_to) if url}
    return KnownFeeds(tuple(feeds), moved_to)


def subscribe(
    store: Store, wanted: Sequence[WantedFeed], moved_to: Mapping[str, str]
) -> list[Added | AlreadySubscribed]:
    """Add the feeds that feeds.toml does not have. One outcome for each that is wanted, in order.

    ``moved_to`` is that of KnownFeeds. An id is chosen where none is given. Raises IdTaken, CannotEdit,
    InvalidFeedsFile, StoreError; then nothing has changed.
    """
    outcomes: list[Added | AlreadySubscribed] = []

    def edited(text: str) -> str:
        nonlocal outcomes
        outcomes = _outcomes(KnownFeeds(_parse(store, text).feeds, moved_to), wanted)
        return append_feeds(text, [outcome.feed for outcome in outcomes if isinstance(outcome, Added)])

    _edit(store, edited)
    return outcomes


def unsubscribe(store: Store, ids: Collection[str]) -> None:
    """Remove the feeds of these ids from feeds.toml. Raises CannotEdit, InvalidFeedsFile, StoreError."""

    def edited(text: str) -> str:
        _parse(store, text)
        return remove_feeds(text, ids)

    _edit(store, edited)


def _outcomes(known: KnownFeeds, wanted: Sequence[WantedFeed]) -> list[Added | AlreadySubscribed]:
    by_key = {spelling_key(feed.url): feed for feed in known.feeds}
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
                raise IdTaken(f"the id {new.id} is taken: give another with --id, or leave it out")
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
            _parse(store, new)  # never write what the next run would refuse
        had_bom = stored is not None and stored.data.startswith(_BOM.encode())
        return ((_BOM if had_bom else "") + new).encode()

    update(store, FEEDS_FILE, make)


def _text(store: Store, stored: Stored | None) -> str:
    if stored is None:
        raise InvalidFeedsFile(f"{store.location}/{FEEDS_FILE} is missing, though this is an archive: put one there")
    try:
        return stored.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = stored.data[: error.start].count(b"\n") + 1
        raise InvalidFeedsFile(f"{store.location}/{FEEDS_FILE}: line {line}: expected UTF-8 text") from None


def _parse(store: Store, text: str) -> FeedList:
    """The feeds of a text, which may have none at all: one is about to be added, or the last was removed."""
    try:
        is_empty = not tomllib.loads(text)
    except (ValueError, RecursionError):
        is_empty = False
    return FeedList(()) if is_empty else parse_feeds_file(text, f"{store.location}/{FEEDS_FILE}")
