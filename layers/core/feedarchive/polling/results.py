"""The result of fetching a feed: a document, "not modified", or an error."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta

from feedarchive.feeds.feed import Feed
from feedarchive.parsing.known_entry import KnownEntry
from feedarchive.parsing.model import ParseRequest
from feedarchive.polling.exchange import Exchange
from feedarchive.problems import FeedError


@dataclass(frozen=True)
class Fetched:
    """The server sent a document.

    - ``url``: the document's URL after redirects, in its public form.
    - ``incomplete``: how the transfer broke off; "" if it did not.
    - ``moved_permanently``: there were redirects, and all were permanent.
    - ``fresh_for``: how long a cache may keep the document (RFC 9111).
    - ``after_not_modified``: just before, the server had answered "not modified".
    - ``private_url``: the document's URL as it was requested, with its secrets. Relative URLs in the document are
      resolved against it.
    - ``secrets``: the parts of ``private_url`` that must not be shown (url_secrets.py).
    - ``exchange``: the request and its response; None if the feed has no ``keep_documents``.
    """

    body: bytes
    url: str
    content_type: str
    etag: str
    last_modified: str
    incomplete: str = ""
    moved_permanently: bool = False
    fresh_for: timedelta | None = None
    after_not_modified: bool = False
    private_url: str = field(default="", repr=False)
    secrets: tuple[str, ...] = field(default=(), repr=False)
    exchange: Exchange | None = None

    def parse_request(
        self, feed: Feed, known: frozenset[str] = frozenset(), entries_by_xml: Mapping[str, KnownEntry] | None = None
    ) -> ParseRequest:
        """The request to parse the document. ``known`` and ``entries_by_xml``: see ParseRequest."""
        url = self.private_url or self.url
        return ParseRequest(
            self.body, url, self.content_type, feed.for_parser(), known, entries_by_xml or {}, self.secrets
        )


@dataclass(frozen=True)
class NotModified:
    """The server answered "not modified" (HTTP 304). Other fields: see Fetched.

    ``etag`` or ``last_modified`` is "" if the response does not have it: the old one then stays valid.
    """

    etag: str
    last_modified: str
    fresh_for: timedelta | None = None
    url: str = ""
    moved_permanently: bool = False


@dataclass(frozen=True)
class FetchFailed:
    """There is no document.

    - ``detail``: the error as a message for people.
    - ``status``: the HTTP status; 0 without a response.
    - ``retry_after``: how long the server asks to wait.
    - ``advertised_feeds``: if the response is a web page, the URLs of the feeds that the page links to.
    """

    kind: FeedError
    detail: str
    status: int = 0
    retry_after: timedelta | None = None
    advertised_feeds: tuple[str, ...] = ()


FetchResult = Fetched | NotModified | FetchFailed


def with_advertised_feeds(message: str, feeds: tuple[str, ...]) -> str:
    """The message, followed by the feeds that the page links to, if there are any."""
    if not feeds:
        return message
    return f"{message}; the page links to {'a feed' if len(feeds) == 1 else 'feeds'}: {', '.join(feeds)}"
