"""Create an archive: write its first feeds.toml, and choose the time zone of its days."""

from __future__ import annotations

import os
from pathlib import Path
from zoneinfo import ZoneInfo

from feedarchive.archive.manifest import is_archive
from feedarchive.archive.open_archive import OpenArchive, open_archive
from feedarchive.feeds.toml_text import toml_string
from feedarchive.store.interface import Store
from feedarchive.subscriptions.feeds_file_editor import set_archive_value

_TEMPLATE = """\
# The feeds of this archive. Edit this file: the next `feedarchive fetch` reads it again, and `feedarchive check`
# finds mistakes. These commands edit it too and keep your comments and order:
#
#   feedarchive add URL            subscribe to a feed by its URL or the URL of its site
#   feedarchive import FILE.opml   import the subscriptions of a feed reader
#   feedarchive remove FEED        end a subscription; its articles stay
#
# A feed needs only its url. Some other keys:
#
#   [[feeds]]
#   url = "https://example.org/feed.xml"
#   id = "example"                         # keep it when the url changes
#   title = "The Example"                  # instead of the feed's own title
#   tags = ["news", "local"]               # added to the tags of every article
#   interval = "6 h"                       # how often to poll: "45 min", "6 h", "1 d"; default "30 min"
#   drop = { title = "(?i)sponsored" }     # articles to leave out, by regular expressions
#   full_text = "short"                    # for an entry under 100 words, also keep the text of its page
#   images = true                          # also keep the pictures; docs/pictures.md: how much space they need

[archive]
"""
_PRIVATE = "[fetch]\nallow_private_addresses = true   # also feeds in your own network"
_ZONE_INFO = "/zoneinfo/"


def new_feeds_file(time_zone: str, contact: str = "", allow_private_addresses: bool = False) -> str:
    """Make the text of feeds.toml for a new archive without feeds."""
    lines = [f"time_zone = {toml_string(time_zone)}   # decides when a day begins; it cannot be changed later"]
    if contact:
        lines.append(f"contact = {toml_string(contact)}   # sent to publishers with every request")
    else:
        lines.append('# contact = "https://example.org/about-me"   # sent to publishers with every request')
    if allow_private_addresses:
        lines += ["", _PRIVATE]
    return _TEMPLATE + "\n".join(lines) + "\n"


def starter_feeds_file(starter: str, contact: str = "", allow_private_addresses: bool = False) -> str:
    """Add the contact and the permission for private addresses to ``starter``, the text of a feeds.toml."""
    text = set_archive_value(starter, "contact", contact) if contact else starter
    return f"{text}\n{_PRIVATE}\n" if allow_private_addresses else text


def ensure_archive(store: Store) -> OpenArchive | None:
    """Create an archive if there is none. Returns the new archive; None if the archive exists already.

    An existing feeds.toml is kept, and its time zone is used. Otherwise the time zone of this machine is used.
    """
    if is_archive(store):
        return None
    zone = machine_time_zone()
    return open_archive(store, new_feeds_file(zone), time_zone=zone)


def created_message(location: str, time_zone: str) -> str:
    """Return the message that an archive was created."""
    return f"created an archive in {location}; its days begin at midnight in {time_zone}"


def machine_time_zone() -> str:
    """Return the IANA name of this machine's time zone; "UTC" if the time zone is unknown."""
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
