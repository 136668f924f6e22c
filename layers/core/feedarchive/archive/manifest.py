"""The manifest, ``archive.json``: it makes a folder or bucket an archive, and fixes the time zone of its days."""

from __future__ import annotations

import json
from zoneinfo import ZoneInfo

from feedarchive.identity import IDENTITY_VERSION
from feedarchive.json_values import DamagedJSON, parse_any_json, parse_json
from feedarchive.store.interface import Store, Stored
from feedarchive.store.update import update

ARCHIVE_FORMAT = 1
MANIFEST = "archive.json"


class InvalidArchive(Exception):
    """There is no archive at a location, or none that this program can use. The message says why and what to do."""


class NotAnArchive(InvalidArchive):
    """There is no archive at a location, and there are no articles of an archive whose manifest was lost."""


class UnknownTimeZone(InvalidArchive):
    """A new archive cannot be created with this time zone. Nothing was written."""


def is_archive(store: Store) -> bool:
    """Check whether there is an archive with a readable manifest."""
    manifest = store.read(MANIFEST)
    return _is_readable(manifest) and not _is_unusable(store, manifest)


def find_time_zone(store: Store) -> ZoneInfo | None:
    """The archive's time zone; None if there is no archive, or only a manifest that may be replaced (``_is_unusable``).

    Raises InvalidArchive if the manifest has a format that this program does not support, or lacks a value.
    """
    manifest = store.read(MANIFEST)
    if manifest is None or not _is_readable(manifest) or _is_unusable(store, manifest):
        return None
    return _time_zone(store, manifest.data)


def require_time_zone(store: Store) -> ZoneInfo:
    """The archive's time zone. Raises NotAnArchive if there is none, and InvalidArchive like ``find_time_zone``."""
    zone = find_time_zone(store)
    if zone is None:
        refuse_lost_manifest(store)
        raise NotAnArchive(
            f'"{store.location}" is not an archive (no {MANIFEST}): run feedarchive init to create one, or feedarchive '
            "add URL to create it with a first feed"
        )
    return zone


def refuse_lost_manifest(store: Store) -> None:
    """Raise InvalidArchive if there are articles, but the manifest is missing or damaged.

    A new manifest could have another time zone, and then the same article would belong to another day.
    """
    if not _has_articles(store):
        return
    manifest = store.read(MANIFEST)
    if _is_readable(manifest):  # another run created the archive in the meantime
        return
    example = {"format": ARCHIVE_FORMAT, "identity": IDENTITY_VERSION, "time_zone": "the time zone of its days"}
    raise InvalidArchive(
        f'"{store.location}" contains articles, but its {MANIFEST} is {"damaged" if manifest else "missing"}: restore '
        f"it from a backup, or write it again: {json.dumps(example)}"
    )


def check_time_zone(name: str) -> None:
    """Raise UnknownTimeZone if this machine does not know the time zone."""
    if not _is_time_zone(name):
        raise UnknownTimeZone(f"{name!r} is not a time zone: use a name such as Europe/Berlin, or UTC")


def refuse_lost_claims(store: Store) -> None:
    """Raise InvalidArchive if there are articles and not one claim: a run would archive the articles again."""
    if store.folders("claims/") or not any(folder[8:12].isdecimal() for folder in store.folders("archive/")):
        return
    raise InvalidArchive(
        f'"{store.location}" has articles, but its claims are lost, so a run would archive articles again: restore '
        "claims/ from a backup, or run feedarchive repair, which makes claims from the articles"
    )


def create_manifest(store: Store, time_zone: str) -> None:
    """Write the manifest. If another process has created the archive meanwhile, keep its manifest.

    Raises UnknownTimeZone.
    """
    check_time_zone(time_zone)
    fields = {"format": ARCHIVE_FORMAT, "identity": IDENTITY_VERSION, "time_zone": time_zone}
    data = (json.dumps(fields, indent=2) + "\n").encode()
    update(store, MANIFEST, lambda old: None if _is_readable(old) and not _is_unusable(store, old) else data)


def _time_zone(store: Store, data: bytes) -> ZoneInfo:
    path = f"{store.location}/{MANIFEST}"
    try:
        manifest = parse_json(data)
        versions = manifest.integer("format"), manifest.integer("identity")
        if versions == (ARCHIVE_FORMAT, IDENTITY_VERSION):
            return ZoneInfo(manifest.text("time_zone"))
    except (DamagedJSON, ValueError, KeyError, OSError) as error:  # the last three: from ZoneInfo, for an unknown zone
        raise InvalidArchive(f"cannot read {path} ({error}): restore it from a backup") from None
    raise InvalidArchive(
        f"{path} has format {versions[0]}, identity {versions[1]}; this program supports format {ARCHIVE_FORMAT}, "
        f"identity {IDENTITY_VERSION}: install a newer version"
    )


def _is_time_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ValueError, KeyError, OSError):  # OSError: the name is that of a folder, such as Europe
        return False


def _has_articles(store: Store) -> bool:
    return any(next(iter(store.list(prefix)), None) for prefix in ("claims/", "archive/"))


def _is_unusable(store: Store, manifest: Stored | None) -> bool:
    """Is this a manifest with an unknown time zone, as version 0.1.0 wrote it, in an archive without articles?

    Such a manifest may be replaced, because no article belongs to a day yet.
    """
    try:
        zone = parse_json(manifest.data).text("time_zone") if manifest else ""
    except DamagedJSON:
        return False
    return bool(zone) and not _is_time_zone(zone) and not _has_articles(store)


def _is_readable(stored: Stored | None) -> bool:
    """Is a manifest complete JSON? It need not end with a newline, which an editor may have removed."""
    try:
        return stored is not None and bool(parse_any_json(stored.data))
    except DamagedJSON:
        return False
