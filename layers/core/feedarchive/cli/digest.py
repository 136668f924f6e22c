"""``feedarchive digest``: build the digests that are due, the digest of one day, or all digests."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Collection
from datetime import date

from feedarchive.archive.open_archive import open_for_reading
from feedarchive.builds.builder import DigestBuilder
from feedarchive.builds.results import BuildResult
from feedarchive.cli.external_feeds import read_external_feeds
from feedarchive.clock import now
from feedarchive.digest.calendar import obsolete_pages
from feedarchive.digest.digest import pages_folder
from feedarchive.digest.index import indexed_days
from feedarchive.mail.announcement import Announcement
from feedarchive.search.search_archive import update_existing_index
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store
from feedarchive.text import count_of

_MAX_PRINTED_DAMAGE = 20

_log = logging.getLogger("feedarchive")


class LogAnnouncer:
    """Announces a new digest in the log."""

    def announce(self, announcement: Announcement) -> None:
        _log.info("%s", announcement.subject)


def digest(arguments: argparse.Namespace) -> int:
    """Build the digests that are due; with ``--day`` the digest of that day; with ``--all`` all digests.

    Returns 0; 1 if files that a digest lists are missing or changed; 2 if ``--accept`` is given without ``--day``.
    """
    if arguments.accept and not arguments.day:
        print("feedarchive: --accept needs --day, which names the day whose files are accepted", file=sys.stderr)
        return 2
    store = open_store(arguments.archive)
    archive = open_for_reading(store, *read_external_feeds(arguments.feeds))
    feeds = archive.feeds
    builder = DigestBuilder(
        store, archive.time_zone, feeds.feeds, now(), archive.feeds_file_error, feeds.images, retention=feeds.retention
    )  # fmt: skip
    if arguments.day:
        result = builder.build_days([arguments.day], arguments.accept)
    elif arguments.all:
        result = builder.build_all()
    else:
        result = builder.build_due(LogAnnouncer())
        if feeds.timestamp:
            _stamp(store, feeds.timestamp)
    update_existing_index(store, archive.time_zone.key, now())
    obsolete = obsolete_pages(store) if arguments.all else []
    if arguments.json:
        print(json.dumps({**_as_json(result), **({"obsolete": obsolete} if obsolete else {})}))
    elif not arguments.quiet:
        _print(result, store.location)
        if obsolete:
            print(
                f"{count_of(len(obsolete), 'page')} of an earlier version of Feedarchive in {store.location}/archive/ "
                f"{'is' if len(obsolete) == 1 else 'are'} no longer used and may be removed: {obsolete[0]}"
                + (f" to {obsolete[-1]} (only files that end in .html)" if len(obsolete) > 1 else "")
            )
        if not result.built:
            print(_nothing_built(arguments.day, indexed_days(store, archive.time_zone.key)))
    for each in result.damage[:_MAX_PRINTED_DAMAGE]:
        print(f"feedarchive: {each.line}", file=sys.stderr)
    if len(result.damage) > _MAX_PRINTED_DAMAGE:
        more = f"and {count_of(len(result.damage) - _MAX_PRINTED_DAMAGE, 'more damaged file')}: run feedarchive status"
        print(f"feedarchive: {more}", file=sys.stderr)
    return 1 if result.damage else 0


def _stamp(store: Store, url: str) -> None:
    # Imported here because importing is slow, and most archives do not request time stamps.
    from feedarchive.stamps.stamp_newest import stamp_newest

    if error := stamp_newest(store, url, now()):
        _log.warning("%s", error)


def _nothing_built(day: date | None, days: Collection[date]) -> str:
    if day:
        return f"{day}: nothing was archived on this day"
    return f"no new article since {max(days)}" if days else "nothing is archived yet"


def _as_json(result: BuildResult) -> dict[str, object]:
    days = [
        {
            "day": built.day.isoformat(),
            "changed": built.changed,
            "articles_read": built.articles_read,
            "counts": built.counts,
        }
        for built in result.built
    ]
    announced = [day.isoformat() for day in result.announced]
    return {"days": days, "announced": announced, "damage": [each.as_json() for each in result.damage]}


def _print(result: BuildResult, location: str) -> None:
    for built in result.built:
        counts = built.counts
        line = f"{built.day}: {count_of(counts['articles'], 'article')}, {counts['revisions']} updated"
        if built.changed:
            print(f"{line}: {location}/{pages_folder(built.day)}index.html")
        elif sys.stdout.isatty():
            print(f"{line}: unchanged")
