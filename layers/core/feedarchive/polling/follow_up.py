"""What may follow the archiving of articles, such as fetching their pages. A run only reports the articles."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from typing import Protocol

from feedarchive.archive.document_result import SeenArticle
from feedarchive.feeds.feed import Feed
from feedarchive.polling.shards import Shard
from feedarchive.store.interface import Store


class FollowUp(Protocol):
    """Gets the articles of each shard before its state is saved. So after a crash, or with lost state, it gets them
    again.
    """

    def wants(self, feed: Feed) -> bool:
        """Whether the articles of a feed are of interest."""

    def note(self, store: Store, shard: Shard, seen: Sequence[tuple[Feed, Collection[SeenArticle]]]) -> None:
        """Remember articles. Raises StoreError."""
