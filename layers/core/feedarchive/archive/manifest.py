"""Read and write the manifest, ``archive.json``. It marks a folder or bucket as an archive.

It contains the format of the archive and the time zone of its days, which never changes.
"""

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
    """A location has no archive, or the archive cannot be used. The message says why and what to do."""


class NotAnArchive(InvalidArchive):
    """A location has neither a manifest nor articles."""


class UnknownTimeZone(InvalidArchive):
    """A new archive cannot be created, because its time zone is unknown. Nothing was written."""


def is_archive(store: Store) -> bool:
    """Return True if there is an archive with a readable manifest."""
    manifest = store.read(MANIFEST)
    return _is_readable(manifest) and not _is_replaceable(store, manifest)


def find_time_zone(store: Store) -> ZoneInfo | None:
    """Return the archive's time zone.

    Returns None if there is no manifest, or if ``create_manifest`` would replace it. Otherwise, raises InvalidArchive
    if the manifest has an unsupported format, an unknown time zone or a missing value.
    """
    manifest = store.read(MANIFEST)
    if manifest is None or not _is_readable(manifest) or _is_replaceable(store, manifest):
        return None
    return _time_zone(store, manifest.data)


def require_time_zone(store: Store) -> ZoneInfo:
    """Return the archive's time zone.

    Raises NotAnArchive if there is no archive, and InvalidArchive if its manifest is lost, damaged or unsupported.
    """
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

    A new manifest could have another time zone. The archived articles would then belong to other days.
    """
    if not _has_articles(store):
        return
    manifest = store.read(MANIFEST)
    if _is_readable(manifest):  # Another run has just created the archive.
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
    """Raise InvalidArchive if there are articles but no claims, because a run would archive the articles again."""
    if store.folders("claims/") or not any(folder[8:12].isdecimal() for folder in store.folders("archive/")):
        return
    raise InvalidArchive(
        f'"{store.location}" has articles, but its folder claims/ is lost, so a run would archive the articles again: '
        "restore claims/ from a backup, or run feedarchive repair to make it from the articles"
    )


def create_manifest(store: Store, time_zone: str) -> None:
    """Write the manifest of a new archive. A valid manifest that another process has written meanwhile is kept.

    A manifest is replaced if it is damaged JSON, or if it has an unknown time zone and the archive has no articles.

    Raises UnknownTimeZone if this machine does not know the time zone.
    """
    check_time_zone(time_zone)
    fields = {"format": ARCHIVE_FORMAT, "identity": IDENTITY_VERSION, "time_zone": time_zone}
    data = (json.dumps(fields, indent=2) + "\n").encode()
    update(store, MANIFEST, lambda old: None if _is_readable(old) and not _is_replaceable(store, old) else data)


def _time_zone(store: Store, data: bytes) -> ZoneInfo:
    path = f"{store.location}/{MANIFEST}"
    try:
        manifest = parse_json(data)
        versions = manifest.integer("format"), manifest.integer("identity")
        if versions == (ARCHIVE_FORMAT, IDENTITY_VERSION):
            return ZoneInfo(manifest.text("time_zone"))
    # ZoneInfo raises ValueError, KeyError or OSError for an unknown zone.
    except (DamagedJSON, ValueError, KeyError, OSError) as error:
        raise InvalidArchive(f"cannot read {path} ({error}): restore it from a backup") from None
    raise InvalidArchive(
        f"{path} has format {versions[0]}, identity {versions[1]}; this program supports format {ARCHIVE_FORMAT}, "
        f"identity {IDENTITY_VERSION}: install a newer version"
    )


def _is_time_zone(name: str) -> bool:
    try:
        return bool(ZoneInfo(name))
    except (ValueError, KeyError, OSError):  # ZoneInfo("Europe") finds a folder and raises OSError.
        return False


def _has_articles(store: Store) -> bool:
    return any(next(iter(store.list(prefix)), None) for prefix in ("claims/", "archive/"))


def _is_replaceable(store: Store, manifest: Stored | None) -> bool:
    """Check whether the manifest has an unknown time zone, and the archive has no articles.

    Release 0.1.0 did not check the time zone.
    """
    try:
        zone = parse_json(manifest.data).text("time_zone") if manifest else ""
    except DamagedJSON:
        return False
    return bool(zone) and not _is_time_zone(zone) and not _has_articles(store)


def _is_readable(stored: Stored | None) -> bool:
    try:
        return stored is not None and bool(parse_any_json(stored.data))
    except DamagedJSON:
        return False
