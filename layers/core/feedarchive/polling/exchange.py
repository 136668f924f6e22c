"""The request for a document and the heads of its response, as they may be kept: without any secret. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Exchange:
    """The headers of a request and of its response. ``target`` is the path and query of the request.

    ``http_version`` is that of the response, such as "HTTP/1.1". ``secret_values`` are the values of secret headers,
    to be masked in the document too: a server may repeat them.
    """

    target: str
    request_headers: Headers
    http_version: str
    status: int
    reason: str
    response_headers: Headers
    secret_values: tuple[str, ...] = field(default=(), repr=False)
