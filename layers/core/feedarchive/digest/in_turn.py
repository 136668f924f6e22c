"""Sort the entries of a day so that a feed with many entries does not hide the other feeds."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, zip_longest

from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.feed_groups import group_by_feed


def in_turn(entries: Iterable[DigestEntry]) -> list[DigestEntry]:
    """Return the newest entry of each feed, then the second newest entry of each feed, and so on.

    The feed with the newest entry comes first.
    """
    feeds = [group.entries for group in group_by_feed(entries)]
    feeds.sort(key=lambda entries: entries[0].published or entries[0].archived, reverse=True)
    return [entry for entry in chain.from_iterable(zip_longest(*feeds)) if entry]
