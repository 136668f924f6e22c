"""A document as it is kept: without secrets, and with headers that fit its body. Pure functions.

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
"""Headers that do not fit the decompressed body, such as Content-Encoding, are kept with this prefix in their name."""
_TRANSFER = {"content-encoding", "transfer-encoding", "content-length", "trailer"}
_ENCODINGS = ("utf-8", "utf-16-le", "utf-16-be")


@dataclass(frozen=True)
class Original:
    """The digest, time and URL of a record with a body.

    If the server sends the same document again, a revisit record without a body is stored. It refers to this record.
    """

    digest: str
    time: datetime
    url: str


@dataclass(frozen=True)
class KeptDocument:
    """A document of a feed.

    ``feed``: the id of the feed.
    ``url``: the URL from which it was fetched, without secrets.
    ``time``: when it was fetched.
    ``previous_poll``: the time of the previous successful poll; None if there is none.
    ``incomplete``: True if the transfer broke off.
    ``masked``: True if secrets in the body were masked.
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
        """Check whether another run has fetched this document in the same second, and has stored it as ``newest``.

        ``newest``: the feed's newest record with a body; None if there is none.
        """
        return newest is not None and (newest.digest, newest.time) == (self.digest, self.time)

    @property
    def digest(self) -> str:
        """The SHA-1 of the body in base 32, as WARC tools write it."""
        return base64.b32encode(hashlib.sha1(self.body, usedforsecurity=False).digest()).decode("ascii")


def kept_document(feed: Feed, fetched: Fetched, time: datetime, previous_poll: datetime | None) -> KeptDocument | None:
    """Returns the document to keep; None if ``fetched`` has no exchange (the request and the response)."""
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
    """Returns the headers to keep for a response. Its body was decompressed and now has ``length`` bytes."""
    own = ("Content-Length", str(length))
    others = [(name, value) for name, value in received if (name.lower(), value) != (own[0].lower(), own[1])]
    return [*((ORIGINAL + name if name.lower() in _TRANSFER else name, value) for name, value in others), own]


def _without_secrets(body: bytes, parts: tuple[str, ...], values: tuple[str, ...]) -> bytes:
    """Mask the secrets in a body: ``parts`` of the URL (see ``secret_parts``) and ``values`` of request headers."""
    for encoding in _ENCODINGS:
        for part in parts:
            name = "/" if part.startswith("/") else part.partition("=")[0] + "="
            body = body.replace(part.encode(encoding), f"{name}{MASK}".encode(encoding))
        for value in values:
            body = body.replace(value.encode(encoding), MASK.encode(encoding))
    return body
