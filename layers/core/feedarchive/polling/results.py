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
    """A document.

    ``url`` is the document's URL after redirects, in its public form. ``private_url`` is what was requested: it may
    contain secrets, and is for relative URLs in the document. ``secrets`` are the parts of it that must not be shown
    (url_secrets.py). ``moved_permanently``: there were redirects, and all were permanent.
    ``incomplete`` says how the transfer broke off, "" if it did not. ``fresh_for`` is how long a cache may keep the
    document (RFC 9111). ``after_not_modified``: the server had answered "not modified" right before. ``exchange``: see
    there; only for a feed with ``keep_documents``.
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
    """HTTP 304. A validator is "" if the response has none: the old one stays valid. Other fields: see Fetched."""

    etag: str
    last_modified: str
    fresh_for: timedelta | None = None
    url: str = ""
    moved_permanently: bool = False


@dataclass(frozen=True)
class FetchFailed:
    """No document. ``detail`` is a message for people, ``status`` the HTTP status (0 without a response).

    ``retry_after`` is how long the server asks to wait. ``advertised_feeds`` are the URLs of the feeds that a web page
    links to, for a subscription to the page.
    """

    kind: FeedError
    detail: str
    status: int = 0
    retry_after: timedelta | None = None
    advertised_feeds: tuple[str, ...] = ()


FetchResult = Fetched | NotModified | FetchFailed


def with_advertised_feeds(message: str, feeds: tuple[str, ...]) -> str:
    """An error message, with the feeds that the page advertises, if any."""
    if not feeds:
        return message
    return f"{message}; the page links to {'a feed' if len(feeds) == 1 else 'feeds'}: {', '.join(feeds)}"
