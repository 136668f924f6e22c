"""Make a document to keep without a poll."""

from __future__ import annotations

from datetime import datetime

from feedarchive.documents.kept_document import KeptDocument
from feedarchive.polling.exchange import Exchange
from tests.harness.clock import CHRISTMAS


def kept(body: bytes, time: datetime = CHRISTMAS, feed: str = "feed", previous: datetime | None = None) -> KeptDocument:
    exchange = Exchange("/feed", (("Host", "example.org"),), "HTTP/1.1", 200, "OK", (("Content-Type", "text/xml"),))
    return KeptDocument(feed, "https://example.org/feed", time, previous, body, exchange, False, False)
