"""An order of a day's entries: one of every feed in turn, so that no feed hides the others."""

from __future__ import annotations

from collections.abc import Iterable
from itertools import chain, zip_longest

from feedarchive.digest.digest_entry import DigestEntry
from feedarchive.digest.feed_groups import group_by_feed


def in_turn(entries: Iterable[DigestEntry]) -> list[DigestEntry]:
    """The newest entry of each feed, then the second newest of each, and so on.

    The feed with the newest entry is first.
    """
    feeds = [group.entries for group in group_by_feed(entries)]
    feeds.sort(key=lambda entries: entries[0].published or entries[0].archived, reverse=True)
    return [entry for entry in chain.from_iterable(zip_longest(*feeds)) if entry]
