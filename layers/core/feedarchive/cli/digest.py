"""``feedarchive digest``."""

from __future__ import annotations

import argparse
import json
import logging
import sys

from feedarchive.archive.open_archive import open_for_reading
from feedarchive.cli.fetch import now, read_external_feeds
from feedarchive.digest.builder import BuildResult, DigestBuilder
from feedarchive.digest.daily_mail import Announcement
from feedarchive.store.location import open_store
from feedarchive.text import count_of

_log = logging.getLogger("feedarchive")


class LineAnnouncer:
    """On one machine, an announcement is a line."""

    def announce(self, announcement: Announcement) -> None:
        _log.info("%s", announcement.subject)


def digest(arguments: argparse.Namespace) -> int:
    """Build what is due, one day, or every day."""
    store = open_store(arguments.archive)
    archive = open_for_reading(store, *read_external_feeds(arguments.feeds))
    builder = DigestBuilder(store, archive.time_zone, archive.feeds.feeds, now(), archive.problem)
    if arguments.day:
        digests = builder.build_days([arguments.day])
    elif arguments.all:
        digests = builder.build_all()
    else:
        digests = builder.build_due(LineAnnouncer())
    if arguments.json:
        print(json.dumps(_as_json(digests)))
    else:
        _tell(digests, store.location)
        if not digests.built:
            print(f"{arguments.day}: nothing was archived on this day" if arguments.day else "nothing was archived yet")
    return 0


def _as_json(digests: BuildResult) -> dict[str, object]:
    days = [
        {
            "day": built.digest.day.isoformat(),
            "changed": built.changed,
            "articles_read": built.articles_read,
            "counts": built.digest.counts(),
        }
        for built in digests.built
    ]
    return {"days": days, "announced": [day.isoformat() for day in digests.announced]}


def _tell(digests: BuildResult, location: str) -> None:
    for built in digests.built:
        counts = built.digest.counts()
        what = f"{built.digest.day}: {count_of(counts['articles'], 'article')}, {counts['revisions']} updated"
        if built.changed:
            print(f"{what}: {location}/{built.digest.folder}index.html")
        elif sys.stdout.isatty():
            print(f"{what}: nothing new")
