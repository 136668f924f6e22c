"""Create an archive on purpose: its first feeds.toml, and the time zone of its days."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo

from feedarchive.archive.open_archive import OpenArchive, is_archive, open_archive
from feedarchive.store.interface import Store
from feedarchive.subscriptions.feeds_file_editor import set_archive_value, toml_string

_TEMPLATE = """\
# The feeds of this archive. Edit this file as you like: the next `feedarchive fetch` reads it anew, and
# `feedarchive check` says whether it is right. These commands edit it too, and keep your comments and order:
#
#   feedarchive add URL            subscribe to a feed, by its URL or that of its site
#   feedarchive import FILE.opml   bring the list of another feed reader
#   feedarchive remove FEED        end a subscription; its articles stay
#
# A feed needs only its url. Some of what may be added:
#
#   [[feeds]]
#   url = "https://example.org/feed.xml"
#   id = "example"                # keep it when the url changes
#   title = "The Example"         # instead of the feed's own title
#   tags = ["news", "local"]      # added to the tags of every article
#   interval = "6 h"              # how often it is polled; default "30 min"
#   drop = { title = "(?i)sponsored" }   # what not to archive

[archive]
"""
_PRIVATE = "[fetch]\nallow_private_addresses = true   # also feeds in your own network"
_ZONE_INFO = "/zoneinfo/"


def new_feeds_file(time_zone: str, contact: str = "", allow_private_addresses: bool = False) -> str:
    """The feeds.toml of a new archive without feeds."""
    lines = [f"time_zone = {toml_string(time_zone)}   # of the archive's days; it stays what it is from now on"]
    if contact:
        lines.append(f"contact = {toml_string(contact)}   # sent to publishers, so that they can write to you")
    else:
        lines.append('# contact = "https://example.org/about-me"   # sent to publishers, so that they can write to you')
    if allow_private_addresses:
        lines += ["", _PRIVATE]
    return _TEMPLATE + "\n".join(lines) + "\n"


def starter_feeds_file(starter: str, contact: str = "", allow_private_addresses: bool = False) -> str:
    """The list of well-known feeds, with a contact and settings."""
    text = set_archive_value(starter, "contact", contact) if contact else starter
    return f"{text}\n{_PRIVATE}\n" if allow_private_addresses else text


def ensure_archive(store: Store) -> OpenArchive | None:
    """Create an archive in this machine's time zone if there is none. The new archive, or None if there was one.

    A feeds.toml that is there already stays as it is, and its time zone counts.
    """
    if is_archive(store):
        return None
    zone = machine_time_zone()
    return open_archive(store, new_feeds_file(zone), time_zone=zone)


def created(location: str, time_zone: str) -> str:
    """What a person reads of a new archive."""
    return f"created an archive in {location}; its days are those of the time zone {time_zone}"


def machine_time_zone() -> str:
    """The IANA name of this machine's time zone; "UTC" if the system does not say."""
    for candidate in (os.environ.get("TZ", "").removeprefix(":"), *_from_files()):
        name = candidate.rpartition(_ZONE_INFO)[2]
        if name and _is_zone(name):
            return "UTC" if name == "Etc/UTC" else name
    return "UTC"


def _from_files() -> list[str]:
    found = []
    try:
        found.append(str(Path("/etc/localtime").resolve(strict=True)))
        found.append(Path("/etc/timezone").read_text(encoding="ascii").strip())
    except (OSError, UnicodeDecodeError):
        pass
    return found


def _is_zone(name: str) -> bool:
    try:
        ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        return False
    return True
