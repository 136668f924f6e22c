"""Find a feed by its URL, for a run that polls only some of the archive's feeds.

If a feed moves to a new URL, the run must know whether another feed has this URL already.
"""

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
        # Look for the URL in the text of the file before parsing the file: it is seldom there, and parsing a file of
        # 20,000 feeds takes seconds.
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
