"""The web pages of ``feedarchive serve`` about days."""

from __future__ import annotations

from datetime import date

from feedarchive.digest.digest import day_folder, make_digest
from feedarchive.digest.digest_json import parse_digest
from feedarchive.digest.feed_groups import group_by_feed
from feedarchive.digest.index import indexed_days
from feedarchive.digest.markdown_page import describe_counts, describe_digest, display_title
from feedarchive.pages.dates import WEEKDAYS, long_date
from feedarchive.serve.html import article_path, page
from feedarchive.serve.http import Response
from feedarchive.serve.served_archive import ServedArchive


def day_list(archive: ServedArchive) -> Response:
    """A list of all days, newest first, with the number of articles of each day."""
    indexed = sorted(indexed_days(archive.store, archive.time_zone.key).items(), reverse=True)
    rows = [(day.isoformat(), f"{WEEKDAYS[day.weekday()]}, {long_date(day)}", describe_counts(row.counts))
            for day, row in indexed]  # fmt: skip
    return page("days.html", {"days": rows})


def day_view(archive: ServedArchive, name: str) -> Response | None:
    """The articles of a day, grouped by feed. Returns None if the day has no digest.

    ``name``: the day, such as ``2025-12-25``.
    """
    try:
        day = date.fromisoformat(name)
    except ValueError:
        return None
    stored = archive.store.read(f"{day_folder(day)}digest.json")
    if stored is None:
        return None
    digest = make_digest(
        day, archive.time_zone.key, parse_digest(stored.data, day, archive.time_zone.key).listed.values()
    )
    days = sorted(indexed_days(archive.store, archive.time_zone.key))
    before = max((each for each in days if each < day), default=None)
    after = min((each for each in days if each > day), default=None)
    groups = [
        (group.feed, group.site, [(article_path(e.key), display_title(e), e) for e in group.entries])
        for group in group_by_feed(digest.entries)
    ]
    return page(
        "day.html",
        {
            "heading": f"{WEEKDAYS[day.weekday()]}, {long_date(day)}",
            "counted": describe_digest(digest),
            "groups": groups,
            "before": before.isoformat() if before else "",
            "after": after.isoformat() if after else "",
        },
    )
