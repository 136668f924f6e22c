"""The interfaces that a poll uses to get the document of a feed and to keep it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Protocol

from feedarchive.feeds.feed import Feed
from feedarchive.polling.results import Fetched, FetchResult
from feedarchive.polling.validators import NO_VALIDATORS, Validators

KeepDocument = Callable[[Feed, Fetched, datetime, datetime | None], None]
"""Keeps a document before it is parsed. Raises StoreError.

The arguments are the feed, the document, the current time, and the time of the last poll that succeeded (None if there
was none).
"""


class DocumentSource(Protocol):
    """Where a poll gets the document of a feed, such as a Fetcher."""

    def fetch(
        self, feed: Feed, validators: Validators = NO_VALIDATORS, at: str = "", verify: bool = False
    ) -> FetchResult:
        """The document of a feed; see ``Fetcher.fetch``."""
