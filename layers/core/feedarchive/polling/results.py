"""The result of fetching a feed: a document, "not modified", or an error."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta

from feedarchive.problems import FeedError


@dataclass(frozen=True)
class Fetched:
    """A document.

    ``url`` is where it was found after redirects, ``moved_permanently`` that there were redirects and all were
    permanent. ``incomplete`` says how the transfer broke off, "" if it did not. ``fresh_for`` is how long a cache may
    keep it (RFC 9111). ``after_not_modified``: the server had answered "not modified" right before.
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
