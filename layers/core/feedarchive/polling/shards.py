"""Divide feeds into shards. A shard is a group of about 50 feeds that are polled together and share a state file.

All feeds of a host are in the same shard.
"""

from __future__ import annotations

import hashlib
import math
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass

from feedarchive.feeds.feed import Feed
from feedarchive.urls import host_of

_FEEDS_PER_SHARD = 50


@dataclass(frozen=True)
class Shard:
    """A group of feeds: all feeds whose host has a hash that starts with ``bits``.

    ``bits``: binary digits, such as "011"; "" for the shard of all feeds.
    """

    bits: str

    @property
    def state_key(self) -> str:
        return f"state/{self.bits or 'all'}.json"

    @property
    def parent(self) -> Shard | None:
        """The larger shard that contains this shard; None for the shard of all feeds.

        If a shard has no state file yet, the state file of its parent is used.
        """
        return Shard(self.bits[:-1]) if self.bits else None


def shards_of(feeds: Iterable[Feed]) -> dict[Shard, list[Feed]]:
    """Divide feeds into shards. Returns the feeds of each shard; the shards are sorted by ``bits``."""
    listed = list(feeds)
    # The number of shards is the power of two that gives about 50 feeds per shard.
    bits = max(0, round(math.log2(max(1, len(listed)) / _FEEDS_PER_SHARD)))
    shards: defaultdict[Shard, list[Feed]] = defaultdict(list)
    for feed in listed:
        digest = hashlib.sha256(host_of(feed.url).encode()).digest()
        shards[Shard(f"{int.from_bytes(digest[:4], 'big'):032b}"[:bits])].append(feed)
    return dict(sorted(shards.items(), key=lambda item: item[0].bits))
