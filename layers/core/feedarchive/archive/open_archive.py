"""Opening an archive: ``archive.json`` marks it and fixes its time zone for ever."""

from __future__ import annotations

import json
from dataclasses import dataclass
from zoneinfo import ZoneInfo

from feedarchive.feeds.feeds_file import FeedList, InvalidFeedsFile, parse_feeds_file
from feedarchive.identity import IDENTITY_VERSION
from feedarchive.store.interface import DAMAGED, Store, Stored

ARCHIVE_FORMAT = 1
_MARK = "archive.json"
FEEDS_FILE = "feeds.toml"
_LAST_GOOD = "feeds.last-good.toml"
_DEFAULT_ZONE = "UTC"


class InvalidArchive(Exception):
    """This location holds no archive this program can go on with; the message says why."""


class NotAnArchive(InvalidArchive):
    """There is no archive at this location."""


@dataclass(frozen=True)
class OpenArchive:
    """An archive ready for a run: its time zone, its feeds, and whether it was made just now.

    ``problem`` says in one line what is wrong with its feeds.toml when the feeds are those of the last good one.
    ``external_feeds`` feeds are another file's than its own: nothing follows from what is not among them.
    """

    time_zone: ZoneInfo
    feeds: FeedList
    created: bool
    problem: str = ""
    external_feeds: bool = False


def open_archive(
    store: Store, starter: str, feeds_text: str | None = None, feeds_name: str = "", time_zone: str = ""
) -> OpenArchive:
    """Open an archive, or create it where there is none.

    ``starter`` is the text a new archive's feeds.toml starts with. ``feeds_text`` replaces the
    archive's own feeds.toml for this run (``--feeds``); ``feeds_name`` is what messages call it.
    ``time_zone`` is that of a new archive whose feeds.toml names none.
    Raises WrongFeedsFile, WrongArchive, StoreError.
    """
    mark = store.read(_MARK)
    new, own = not _is_mark(mark), feeds_text is None
    if new:
        _refuse_lost_mark(store)
    if feeds_text is None:
        feeds_name, feeds_text = f"{store.location}/{FEEDS_FILE}", _own_feeds(store, new, starter)
        feeds = parse_feeds_file(feeds_text, feeds_name)
    else:
        feeds = parse_feeds_file(feeds_text, feeds_name)
    if new:
        # Last, so that an interrupted creation starts again: the mark makes an archive.
        _write_mark(store, feeds.time_zone or time_zone or _DEFAULT_ZONE)
        mark = store.read(_MARK)
    zone = _zone_of(store, mark.data if mark else b"")
    _refuse_other_zone(feeds, zone, feeds_name)
    if own:
        _keep_last_good(store, feeds_text)
    return OpenArchive(ZoneInfo(zone), feeds, new, external_feeds=not own)


def open_for_scheduled_run(store: Store, starter: str, time_zone: str = "") -> OpenArchive:
    """Open an archive for a run that nobody watches: where feeds.toml is wrong the last good one stays in use,
    and ``problem`` says so. Raises WrongFeedsFile where there never was a good one, WrongArchive, StoreError.
    """
    try:
        return open_archive(store, starter, time_zone=time_zone)
    except InvalidFeedsFile as wrong:
        if not is_archive(store) or not (feeds := _last_good(store)).feeds:
            raise
        return OpenArchive(_time_zone(store), feeds, created=False, problem=str(wrong))


def open_for_reading(store: Store, feeds_text: str | None = None, feeds_name: str = "") -> OpenArchive:
    """An archive as it is, with its own feeds or, where those cannot be read, the last that could; or, as for
    ``open_archive``, with those of another file. Raises WrongFeedsFile for that one, WrongArchive, StoreError.
    """
    require_archive(store)
    zone, problem = _time_zone(store), ""
    if feeds_text is not None:
        feeds = parse_feeds_file(feeds_text, feeds_name)
        _refuse_other_zone(feeds, zone.key, feeds_name)
        return OpenArchive(zone, feeds, created=False, external_feeds=True)
    try:
        feeds = parse_feeds_file(_own_feeds(store, new=False, starter=""), f"{store.location}/{FEEDS_FILE}")
        _refuse_other_zone(feeds, zone.key, f"{store.location}/{FEEDS_FILE}")
    except InvalidFeedsFile as wrong:
        feeds, problem = _last_good(store), str(wrong)
    return OpenArchive(zone, feeds, created=False, problem=problem)


def _last_good(store: Store) -> FeedList:
    stored = store.read(_LAST_GOOD)
    try:
        return parse_feeds_file(stored.data.decode("utf-8-sig"), _LAST_GOOD) if stored else FeedList(())
    except (InvalidFeedsFile, UnicodeDecodeError):
        return FeedList(())


def _time_zone(store: Store) -> ZoneInfo:
    mark = store.read(_MARK)
    return ZoneInfo(_zone_of(store, mark.data if mark else b""))


def require_archive(store: Store) -> None:
    """Raise NotAnArchive where there is none."""
    if not is_archive(store):
        _refuse_lost_mark(store)
        raise NotAnArchive(
            f'"{store.location}" is not an archive (no {_MARK}): '
            "run feedarchive init to create one, or feedarchive add URL to create it with a first feed"
        )


def _is_mark(stored: Stored | None) -> bool:
    """Is it whole? Somebody's editor may have left out the end of its line."""
    try:
        return stored is not None and bool(json.loads(stored.data))
    except DAMAGED:
        return False


def _refuse_lost_mark(store: Store) -> None:
    """Make no archive over an archive: its days might be those of another time zone then."""
    if not any(next(iter(store.list(prefix)), None) for prefix in ("claims/", "archive/")):
        return
    mark = store.read(_MARK)
    if _is_mark(mark):  # another first run made it just now
        return
    example = {"format": ARCHIVE_FORMAT, "identity": IDENTITY_VERSION, "time_zone": "the zone of its days"}
    raise InvalidArchive(
        f"{store.location} holds articles, but its {_MARK}, which says in what time zone its days are, is "
        f"{'damaged' if mark else 'missing'}: put it back from a copy, or write it anew: {json.dumps(example)}"
    )


def is_archive(store: Store) -> bool:
    """Has an archive been made here?"""
    return _is_mark(store.read(_MARK))


def _refuse_other_zone(feeds: FeedList, zone: str, feeds_name: str) -> None:
    if feeds.time_zone and feeds.time_zone != zone:
        raise InvalidFeedsFile(
            f"{feeds_name}: archive.time_zone: this archive was made with {zone!r} and keeps it, "
            f"got {feeds.time_zone!r}; take that line out, or begin another archive"
        )


def _own_feeds(store: Store, new: bool, starter: str) -> str:
    stored = store.read(FEEDS_FILE)
    if stored is None and new:
        store.create(FEEDS_FILE, starter.encode())
        stored = store.read(FEEDS_FILE)
    if stored is None:
        kept = f" ({_LAST_GOOD} is the last one that worked)" if store.read(_LAST_GOOD) else ""
        raise InvalidFeedsFile(
            f"{store.location}/{FEEDS_FILE} is missing, though this is an archive: "
            f"put one there{kept} or give another with --feeds"
        )
    try:
        return stored.data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = stored.data[: error.start].count(b"\n") + 1
        raise InvalidFeedsFile(f"{store.location}/{FEEDS_FILE}: line {line}: expected UTF-8 text") from None


def _keep_last_good(store: Store, text: str) -> None:
    data = text.encode() if text.endswith("\n") else text.encode() + b"\n"
    stored = store.read(_LAST_GOOD)
    if stored is None:
        store.create(_LAST_GOOD, data)
    elif stored.data != data:
        store.replace(_LAST_GOOD, data, stored.version)


def _write_mark(store: Store, zone: str) -> None:
    fields = {"format": ARCHIVE_FORMAT, "identity": IDENTITY_VERSION, "time_zone": zone}
    data = (json.dumps(fields, indent=2) + "\n").encode()
    torn = store.read(_MARK)
    if torn is None:
        store.create(_MARK, data)
    elif not _is_mark(torn):
        store.replace(_MARK, data, torn.version)


def _zone_of(store: Store, data: bytes) -> str:
    try:
        mark = json.loads(data)
        known = mark["format"] == ARCHIVE_FORMAT and mark["identity"] == IDENTITY_VERSION
        zone = str(mark["time_zone"])
        ZoneInfo(zone)
    except (*DAMAGED, OSError) as error:
        raise InvalidArchive(f"{store.location}/{_MARK} cannot be read ({error}): is this an archive?") from None
    if not known:
        raise InvalidArchive(
            f"{store.location}/{_MARK} says format {mark['format']}, identity {mark['identity']}; "
            f"this program knows format {ARCHIVE_FORMAT}, identity {IDENTITY_VERSION}: use a newer one"
        )
    return zone
