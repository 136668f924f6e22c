"""Group the entries of a digest by feed. Pure functions."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from feedarchive.digest.digest_entry import DigestEntry


@dataclass(frozen=True)
class FeedGroup:
    """The entries of one feed, newest first.

    ``feed``: the title of the feed; if the feed has no title, the name of the site.
    """

    feed: str
    site: str
    entries: tuple[DigestEntry, ...]


def group_by_feed(entries: Iterable[DigestEntry]) -> list[FeedGroup]:
    """Group entries by feed. The groups are sorted by feed, and the entries of a group by time, newest first."""
    ordered = sorted(entries, key=_group)
    return [
        FeedGroup(found[0].feed or found[0].site, found[0].site, tuple(_newest_first(found)))
        for _, group in groupby(ordered, key=_group)
        if (found := list(group))
    ]


def _group(entry: DigestEntry) -> tuple[str, str, str]:
    return (entry.feed or entry.site).casefold(), entry.site, entry.source


def _newest_first(entries: list[DigestEntry]) -> list[DigestEntry]:
    return sorted(sorted(entries, key=lambda e: e.key), key=lambda e: e.published or e.archived, reverse=True)
