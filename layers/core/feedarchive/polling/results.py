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

    - ``body``: the document after decompression.
    - ``url``: the URL of the document after redirects, without its secrets.
    - ``content_type``, ``etag``, ``last_modified``: headers of the response; "" if it does not have them.
    - ``incomplete``: a message that says how the transfer ended too early; "" if the document is complete.
    - ``moved_permanently``: whether there were redirects, and all of them were permanent.
    - ``fresh_for``: how long the document stays fresh (RFC 9111); None if the server does not tell.
    - ``after_not_modified``: whether the server first said "not modified", and sent the document only to a second
      request without validators.
    - ``private_url``: the same as ``url``, but with its secrets.
    - ``secrets``: the parts of ``private_url`` that are secret (url_secrets.py).
    - ``exchange``: the request and its response; None if the feed does not set ``keep_documents``.
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
        """Make the request to parse the document. ParseRequest describes ``known`` and ``entries_by_xml``."""
        url = self.private_url or self.url
        return ParseRequest(
            self.body, url, self.content_type, feed.for_parser(), known, entries_by_xml or {}, self.secrets
        )


@dataclass(frozen=True)
class NotModified:
    """The server said "not modified" (HTTP 304).

    ``etag``, ``last_modified``: the validators in the response; "" if one is missing. The old validator is then kept.

    The other fields are described in Fetched.
    """

    etag: str
    last_modified: str
    fresh_for: timedelta | None = None
    url: str = ""
    moved_permanently: bool = False


@dataclass(frozen=True)
class FetchFailed:
    """The fetch failed: there is no document.

    - ``kind``: the kind of error.
    - ``detail``: a message for people.
    - ``status``: the HTTP status; 0 if there was no response.
    - ``retry_after``: how long the server asks to wait; None if it does not ask.
    - ``advertised_feeds``: if the response is a web page, the URLs of the feeds that the page links to.
    """

    kind: FeedError
    detail: str
    status: int = 0
    retry_after: timedelta | None = None
    advertised_feeds: tuple[str, ...] = ()


FetchResult = Fetched | NotModified | FetchFailed


def with_advertised_feeds(message: str, feeds: tuple[str, ...]) -> str:
    """Append to an error message the URLs of the feeds that a web page links to."""
    if not feeds:
        return message
    return f"{message}; the page links to {'a feed' if len(feeds) == 1 else 'feeds'}: {', '.join(feeds)}"
