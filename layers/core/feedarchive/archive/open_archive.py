"""Open or create an archive: its manifest, its time zone and its feeds."""

from __future__ import annotations

from dataclasses import dataclass
from zoneinfo import ZoneInfo

from feedarchive.archive.manifest import (
    check_time_zone,
    create_manifest,
    find_time_zone,
    refuse_lost_claims,
    refuse_lost_manifest,
    require_time_zone,
)
from feedarchive.archive.stored_feeds import (
    FEEDS_FILE,
    create_feeds_file,
    keep_last_valid,
    read_feeds_file,
    read_last_valid,
)
from feedarchive.feeds.feeds_file import FeedList, InvalidFeedsFile, parse_feeds_file
from feedarchive.store.interface import Store
from feedarchive.store.probe_conditional_writes import check_now

_DEFAULT_TIME_ZONE = "UTC"


@dataclass(frozen=True)
class OpenArchive:
    """An archive that is ready for a run.

    - ``created``: the archive was created just now.
    - ``feeds_file_error``: the error in feeds.toml; "" if the file is valid. If it is invalid, ``feeds`` is the last
      valid copy.
    - ``external_feeds``: True if the feeds come from ``--feeds``, not from the archive's own feeds.toml.
    """

    time_zone: ZoneInfo
    feeds: FeedList
    created: bool
    feeds_file_error: str = ""
    external_feeds: bool = False


def open_archive(
    store: Store,
    starter: str,
    feeds_text: str | None = None,
    feeds_name: str = "",
    time_zone: str = "",
    check_claims: bool = True,
) -> OpenArchive:
    """Open an archive, or create it if there is none.

    - ``starter``: the text of feeds.toml for a new archive.
    - ``feeds_text``: replaces the archive's own feeds.toml for this run (``--feeds``).
    - ``feeds_name``: the name of the file with ``feeds_text``, for messages.
    - ``time_zone``: the time zone of a new archive; "" for UTC. A time zone in feeds.toml is preferred.
    - ``check_claims``: raise InvalidArchive if there are articles but no claims.

    Raises InvalidFeedsFile, InvalidArchive or StoreError. Raises UnknownTimeZone before anything is written.
    """
    zone, has_own_feeds = find_time_zone(store), feeds_text is None
    if is_new := zone is None:
        check_time_zone(time_zone or _DEFAULT_TIME_ZONE)
        refuse_lost_manifest(store)
        check_now(store)
    if feeds_text is None:
        if is_new:
            create_feeds_file(store, starter)
        feeds_name, feeds_text = f"{store.location}/{FEEDS_FILE}", read_feeds_file(store)
    feeds = parse_feeds_file(feeds_text, feeds_name)
    if zone is None:
        # Write the manifest last. If the creation is interrupted, there is no archive yet, and the next run starts
        # again.
        create_manifest(store, feeds.time_zone or time_zone or _DEFAULT_TIME_ZONE)
        zone = require_time_zone(store)
    _check_time_zone(feeds, zone, feeds_name)
    if check_claims and not is_new:
        refuse_lost_claims(store)
    if has_own_feeds:
        keep_last_valid(store, feeds_text, feeds)
    return OpenArchive(zone, feeds, is_new, external_feeds=not has_own_feeds)


def open_for_scheduled_run(store: Store, starter: str, time_zone: str = "", check_claims: bool = True) -> OpenArchive:
    """Open or create an archive for an unattended run. If feeds.toml is invalid, use its last valid copy.

    The parameters are described in ``open_archive``. Raises InvalidArchive or StoreError, and InvalidFeedsFile if
    feeds.toml is invalid and has no valid copy.
    """
    try:
        return open_archive(store, starter, time_zone=time_zone, check_claims=check_claims)
    except InvalidFeedsFile as error:
        zone = find_time_zone(store)
        if zone is None or not (feeds := read_last_valid(store)).feeds:
            raise
        return OpenArchive(zone, feeds, created=False, feeds_file_error=str(error))


def feeds_for_worker(store: Store) -> FeedList:
    """Return the feeds of feeds.toml with their secrets. Raises StoreError.

    If the file is invalid, return the feeds of its last valid copy. The copy contains no secrets.
    """
    try:
        return parse_feeds_file(read_feeds_file(store), f"{store.location}/{FEEDS_FILE}")
    except InvalidFeedsFile:
        return read_last_valid(store)


def open_for_reading(store: Store, feeds_text: str | None = None, feeds_name: str = "") -> OpenArchive:
    """Open an existing archive and write nothing. If its feeds.toml is invalid, use its last valid copy.

    ``feeds_text`` and ``feeds_name`` are described in ``open_archive``. Raises InvalidArchive or StoreError, and
    InvalidFeedsFile if ``feeds_text`` is invalid.
    """
    zone = require_time_zone(store)
    if feeds_text is not None:
        feeds = parse_feeds_file(feeds_text, feeds_name)
        _check_time_zone(feeds, zone, feeds_name)
        return OpenArchive(zone, feeds, created=False, external_feeds=True)
    path = f"{store.location}/{FEEDS_FILE}"
    try:
        feeds = parse_feeds_file(read_feeds_file(store), path)
        _check_time_zone(feeds, zone, path)
    except InvalidFeedsFile as error:
        return OpenArchive(zone, read_last_valid(store), created=False, feeds_file_error=str(error))
    return OpenArchive(zone, feeds, created=False)


def _check_time_zone(feeds: FeedList, zone: ZoneInfo, feeds_name: str) -> None:
    if feeds.time_zone and feeds.time_zone != zone.key:
        raise InvalidFeedsFile(
            f"{feeds_name}: archive.time_zone: got {feeds.time_zone!r}, but the archive was created with {zone.key!r}, "
            "which cannot be changed: remove the line with time_zone, or create another archive"
        )
