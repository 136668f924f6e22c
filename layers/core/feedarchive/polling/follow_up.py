"""The interface FollowUp: a run of polls tells a later task, such as fetching web pages, which articles it has seen."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from feedarchive.archive.document_result import SeenArticle
from feedarchive.feeds.feed import Feed
from feedarchive.polling.shards import Shard
from feedarchive.store.interface import Store


class FollowUp(Protocol):
    """Remembers the articles of each shard for a later task.

    A run calls ``note`` before it saves the state of the shard. If the run crashes in between, the next run calls
    ``note`` with the same articles again.
    """

    def wants(self, feed: Feed) -> bool:
        """Check whether the articles of this feed must be passed to ``note``."""

    def note(self, store: Store, shard: Shard, seen: Sequence[tuple[Feed, Collection[SeenArticle]]]) -> None:
        """Remember the articles in ``seen``, which were found in the feeds of a shard. Raises StoreError."""
