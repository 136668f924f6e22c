"""``feedarchive init``: create an archive."""

from __future__ import annotations

import argparse

from feedarchive.archive.manifest import is_archive
from feedarchive.archive.open_archive import open_archive
from feedarchive.archive.stored_feeds import FEEDS_FILE
from feedarchive.feeds.feeds_file import parse_feeds_file
from feedarchive.feeds.starter import starter_feeds
from feedarchive.store.interface import Store
from feedarchive.store.location import InvalidLocation, open_store
from feedarchive.subscriptions.feed_list import read_feeds
from feedarchive.subscriptions.new_archive import created_message, machine_time_zone, new_feeds_file, starter_feeds_file
from feedarchive.text import count_of


def init(arguments: argparse.Namespace) -> int:
    """Create an archive. An existing feeds.toml is kept."""
    store = open_store(arguments.archive)
    if is_archive(store):
        raise InvalidLocation(f"{store.location} is already an archive: run feedarchive add URL to subscribe to a feed")
    zone, is_from_file = arguments.time_zone or machine_time_zone(), False
    if store.read(FEEDS_FILE) is None:
        text = _feeds_file(arguments, zone)
        parse_feeds_file(text, FEEDS_FILE)  # raises InvalidFeedsFile if --contact is not valid
    else:
        text = ""
        is_from_file = bool(_zone_of_existing_file(arguments, store))
    archive = open_archive(store, text, time_zone=zone)
    print(created_message(store.location, archive.time_zone.key))
    if not arguments.time_zone and not is_from_file:
        print("(this machine's time zone; for another one, delete the archive and run init --time-zone ZONE)")
    if feeds := archive.feeds.feeds:
        print(f"{count_of(len(feeds), 'feed')} in {store.location}/{FEEDS_FILE}; next:  feedarchive fetch")
    else:
        print("next:  feedarchive add URL            subscribe to a feed by its URL or the URL of its site")
        print("       feedarchive import FILE.opml   import the subscriptions of a feed reader")
    return 0


def _feeds_file(arguments: argparse.Namespace, zone: str) -> str:
    if arguments.starter:
        return starter_feeds_file(starter_feeds(), arguments.contact, arguments.allow_private_addresses)
    return new_feeds_file(zone, arguments.contact, arguments.allow_private_addresses)


def _zone_of_existing_file(arguments: argparse.Namespace, store: Store) -> str:
    """Return the time zone in the existing feeds file; "" if the file has no time zone.

    Raises InvalidLocation if an option contradicts the file.
    """
    name = f"{store.location}/{FEEDS_FILE}"
    if arguments.starter or arguments.contact or arguments.allow_private_addresses:
        raise InvalidLocation(
            f"{name} exists: --starter, --contact and --allow-private-addresses cannot change it; edit it"
        )
    zone = read_feeds(store).time_zone
    if zone and arguments.time_zone not in (None, zone):
        raise InvalidLocation(
            f"{name} has time_zone = {zone!r}, but --time-zone is {arguments.time_zone}: change one of them"
        )
    return zone
