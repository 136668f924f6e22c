"""The interface of a task that follows the archiving of articles, such as fetching their pages.

A run only tells the task which articles there are.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from feedarchive.archive.document_result import SeenArticle
from feedarchive.feeds.feed import Feed
from feedarchive.polling.shards import Shard
from feedarchive.store.interface import Store


class FollowUp(Protocol):
    """Gets the articles of each shard before the shard's state is saved.

    So if the run crashes or the state is lost, the next run passes the same articles again.
    """

    def wants(self, feed: Feed) -> bool:
        """Whether ``note`` should get the articles of this feed."""

    def note(self, store: Store, shard: Shard, seen: Sequence[tuple[Feed, Collection[SeenArticle]]]) -> None:
        """Remember the articles of a shard, which are grouped by feed. Raises StoreError."""
