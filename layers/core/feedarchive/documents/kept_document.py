"""A document as it is kept: without secrets, and with headers that fit its body. Pure.

The body is kept after decompression, so that any tool can search it and readers need no Brotli or Zstandard.
"""

from __future__ import annotations

import base64
import hashlib
from dataclasses import dataclass
from datetime import UTC, datetime

from feedarchive.feeds.feed import Feed
from feedarchive.polling.exchange import Exchange, Headers
from feedarchive.polling.results import Fetched
from feedarchive.url_secrets import MASK

ORIGINAL = "X-Archive-Orig-"
"""The prefix that is added to the names of headers which describe the body as it was transferred."""
_TRANSFER = {"content-encoding", "transfer-encoding", "content-length", "trailer"}
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


@dataclass(frozen=True)
class Original:
    """The record that has the body of a document: its digest, time and URL. If the document is served again, a revisit
    record refers to it.
    """

    digest: str
    time: datetime
    url: str


@dataclass(frozen=True)
class KeptDocument:
    """A document of a feed.

    ``feed``: the id of the feed.
    ``url``: where it was fetched from, without secrets.
    ``time``: when it was fetched.
    ``previous_poll``: when the last poll before this one succeeded; None if none did.
    ``incomplete``: the transfer broke off.
    ``masked``: the body contained secrets, which are masked.
    """

    feed: str
    url: str
    time: datetime
    previous_poll: datetime | None
    body: bytes
    exchange: Exchange
    incomplete: bool
    masked: bool

    @property
    def month(self) -> str:
        return f"{self.time.astimezone(UTC):%Y-%m}"

    def is_recorded_in(self, newest: Original | None) -> bool:
        """Is this document stored already as the feed's ``newest`` record with a body?

        Then another run got it in the same second.
        """
        return newest is not None and (newest.digest, newest.time) == (self.digest, self.time)

    @property
    def digest(self) -> str:
        """The SHA-1 of the body in base 32, as WARC tools write it."""
        return base64.b32encode(hashlib.sha1(self.body, usedforsecurity=False).digest()).decode("ascii")


def kept_document(feed: Feed, fetched: Fetched, time: datetime, previous_poll: datetime | None) -> KeptDocument | None:
    """The document to keep; None if the request and the response are not known."""
    if fetched.exchange is None:
        return None
    body = _without_secrets(fetched.body, fetched.secrets, fetched.exchange.secret_values)
    return KeptDocument(
        feed=feed.id,
        url=fetched.url,
        time=time,
        previous_poll=previous_poll,
        body=body,
        exchange=fetched.exchange,
        incomplete=bool(fetched.incomplete),
        masked=body != fetched.body,
    )


def response_headers(received: Headers, length: int) -> list[tuple[str, str]]:
    """The headers of a response whose body was decompressed and now has ``length`` bytes."""
    own = ("Content-Length", str(length))
    others = [(name, value) for name, value in received if (name.lower(), value) != (own[0].lower(), own[1])]
    return [*((ORIGINAL + name if name.lower() in _TRANSFER else name, value) for name, value in others), own]


def _without_secrets(body: bytes, parts: tuple[str, ...], values: tuple[str, ...]) -> bytes:
    """The body with the ``secret_parts`` of the URL and the values of secret headers masked."""
    for encoding in _ENCODINGS:
        for part in parts:
            name = "/" if part.startswith("/") else part.partition("=")[0] + "="
            body = body.replace(part.encode(encoding), f"{name}{MASK}".encode(encoding))
        for value in values:
            body = body.replace(value.encode(encoding), MASK.encode(encoding))
    return body
