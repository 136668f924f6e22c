"""The interfaces by which a poll gets the document of a feed and stores it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from feedarchive.feeds.feed import Feed
from feedarchive.polling.results import Fetched, FetchResult
from feedarchive.polling.validators import NO_VALIDATORS, Validators

KeepDocument = Callable[[Feed, Fetched, datetime, datetime | None], None]
"""A function that stores a document before it is parsed. Raises StoreError if the document cannot be stored.

Its arguments are the feed, the document, the current time, and the time of the last successful poll (None if no poll
has succeeded yet).
"""


class DocumentSource(Protocol):
    """A source of feed documents, such as a Fetcher."""

    def fetch(
        self, feed: Feed, validators: Validators = NO_VALIDATORS, at: str = "", verify: bool = False
    ) -> FetchResult:
        """Get the document of a feed. ``Fetcher.fetch`` describes the arguments."""
