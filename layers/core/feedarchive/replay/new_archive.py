"""Prepare a replay: find the documents, their feeds and their time zone, and set up the new archive."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from feedarchive.archive.claim import ArticleClaim, parse_claim
from feedarchive.archive.manifest import InvalidArchive, create_manifest, is_archive, require_time_zone
from feedarchive.archive.stored_feeds import FEEDS_FILE, create_feeds_file, read_feeds_file
from feedarchive.concurrency import in_parallel
from feedarchive.documents.document_keys import DOCUMENTS
from feedarchive.feeds.feeds_file import FeedList, InvalidFeedsFile, parse_feeds_file
from feedarchive.store.interface import Store, Stored
from feedarchive.store.location import open_store
from feedarchive.store.probe_conditional_writes import check_now

_DEFAULT_TIME_ZONE = "UTC"


@dataclass(frozen=True)
class Source:
    """The documents to replay: the files below ``prefix`` in ``store``.

    ``archive`` is the archive that contains them. It is None if they are not in an archive.
    """

    store: Store
    prefix: str
    archive: Store | None


@dataclass(frozen=True)
class Subscriptions:
    """The feeds of a replay.

    - ``text``: the text of the feeds file.
    - ``feeds``: the parsed feeds file.
    - ``time_zone``: the time zone of the new archive's days.
    """

    text: str
    feeds: FeedList
    time_zone: ZoneInfo


def find_source(location: str) -> Source:
    """Find documents. ``location``: an archive, its folder ``documents``, or another folder with the same layout."""
    parent, _, name = location.rstrip("/").rpartition("/")
    for archive in (location, *([parent or ("/" if location.startswith("/") else ".")] if name == "documents" else [])):
        store = open_store(archive)
        if is_archive(store):
            return Source(store, DOCUMENTS, store)
    return Source(open_store(location), "", None)


def read_subscriptions(source: Source, feeds_text: str | None, feeds_name: str) -> Subscriptions:
    """Parses ``feeds_text``. If it is None, reads the feeds.toml of the archive that contains the documents.

    ``feeds_name``: the name of ``feeds_text`` in messages. Raises InvalidFeedsFile.
    """
    if feeds_text is None:
        if source.archive is None:
            raise InvalidFeedsFile(
                f"{source.store.location} is not in an archive: give the feeds of the documents with --feeds FILE"
            )
        feeds_text, feeds_name = read_feeds_file(source.archive), f"{source.archive.location}/{FEEDS_FILE}"
    feeds = parse_feeds_file(feeds_text, feeds_name)
    own = require_time_zone(source.archive).key if source.archive else ""
    return Subscriptions(feeds_text, feeds, ZoneInfo(own or feeds.time_zone or _DEFAULT_TIME_ZONE))


def require_empty(store: Store) -> None:
    """Raise InvalidArchive if the store is not empty: documents are never replayed into an existing archive."""
    if found := next(iter(store.list("")), ""):
        raise InvalidArchive(
            f"{store.location} is not empty ({found}): give a new folder or bucket, or first delete what an "
            "interrupted replay has left there"
        )
    check_now(store)


def keep_forgotten(source: Source, store: Store) -> int:
    """Copy the tombstones of the source archive, so that forgotten articles do not return. Returns their number."""
    if source.archive is None:
        return 0
    return sum(in_parallel(lambda found: store.create(*found), _tombstones(source.archive), store.threads))


def _tombstones(archive: Store) -> Iterator[tuple[str, bytes]]:
    for folder in archive.folders("claims/"):
        keys = list(archive.list(folder))
        for key, stored in zip(keys, in_parallel(archive.read, keys, archive.threads), strict=True):
            if _is_tombstone(stored):
                assert stored
                yield key, stored.data


def _is_tombstone(stored: Stored | None) -> bool:
    claim = parse_claim(stored.data) if stored else None
    return isinstance(claim, ArticleClaim) and claim.deleted is not None


def finish_archive(store: Store, subscriptions: Subscriptions) -> None:
    """Write feeds.toml, and then the manifest (archive.json).

    The manifest is written last, so an interrupted replay does not leave an incomplete archive.
    """
    create_feeds_file(store, subscriptions.text)
    store.sync()
    create_manifest(store, subscriptions.time_zone.key)
    store.sync()
