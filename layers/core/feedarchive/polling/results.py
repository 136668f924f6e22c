"""What one request for a feed comes to: a document, no change, or a failure with words for a person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta


@dataclass(frozen=True)
class Fetched:
    """A document. ``url`` is where it was in the end, ``moved`` tells that every redirect to it was permanent;
    ``incomplete`` says how its transfer broke, or "". ``fresh_for`` is how long the server says it stays as it is.
    """

    body: bytes
    url: str
    content_type: str
    etag: str
    last_modified: str
    incomplete: str = ""
    moved: bool = False
    fresh_for: timedelta | None = None


@dataclass(frozen=True)
class NotModified:
    """The server says 304. Validators are "" when it sent none: then the old ones stay. ``url`` and ``moved`` are
    those of ``Fetched``.
    """

    etag: str
    last_modified: str
    fresh_for: timedelta | None = None
    url: str = ""
    moved: bool = False


@dataclass(frozen=True)
class FetchFailed:
    """No document. ``kind`` is one word for programs, ``detail`` a sentence for people, ``status`` that of the
    server's answer (0 without one), ``retry_after`` how long the server asks to be left alone.

    The kinds: ``dns``, ``unreachable``, ``proxy``, ``tls``, ``timeout``, ``connection``, ``refused``, ``redirects``,
    ``secret``; of answers ``login`` (401), ``forbidden`` (403), ``challenge`` (a page that wants a browser),
    ``not-found`` (404), ``gone`` (410), ``too-often`` (429), ``server-error`` (5xx), ``http`` (any other), ``empty``,
    ``too-large``.
    """

    kind: str
    detail: str
    status: int = 0
    retry_after: timedelta | None = None


FetchResult = Fetched | NotModified | FetchFailed
