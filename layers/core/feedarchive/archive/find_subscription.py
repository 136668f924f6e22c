"""Find a feed by its URL in feeds.toml, for a run that has loaded only some of the feeds."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

from feedarchive.archive.open_archive import feeds_for_worker
from feedarchive.archive.stored_feeds import FEEDS_FILE
from feedarchive.feeds.feed import comparable_url
from feedarchive.store.interface import Store
from feedarchive.url_secrets import MASK


@dataclass
class SubscriptionFinder:
    """Finds feeds by URL. Only the first call reads feeds.toml."""

    store: Store

    def __call__(self, url: str) -> str:
        """Return the id of the feed with this URL; "" if there is none. Raises StoreError."""
        wanted = comparable_url(url)
        # Search the text first: parsing a file of 20,000 feeds takes seconds, and few URLs are in the file.
        if not wanted or wanted.encode() not in self._text:
            return ""
        return self._ids.get(wanted, "")

    @cached_property
    def _text(self) -> bytes:
        stored = self.store.read(FEEDS_FILE)
        return stored.data if stored else b""

    @cached_property
    def _ids(self) -> dict[str, str]:
        feeds = feeds_for_worker(self.store).feeds
        return {comparable_url(feed.public_url): feed.id for feed in feeds if MASK not in feed.public_url}
