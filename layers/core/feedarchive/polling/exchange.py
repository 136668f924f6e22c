"""The class Exchange, which describes a request and its response."""

from __future__ import annotations

from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Exchange:
    """A request and its response, without their bodies.

    - ``target``: the path and query of the requested URL.
    - ``request_headers``: the headers of the request. Secrets are masked.
    - ``http_version``, ``status``, ``reason``: the first line of the response, such as "HTTP/1.1 200 OK".
    - ``response_headers``: the headers of the response. Secrets are masked.
    - ``secret_values``: the secrets in the request headers. The server may repeat them in the document, so they must be
      masked before the document is stored.
    """

    target: str
    request_headers: Headers
    http_version: str
    status: int
    reason: str
    response_headers: Headers
    secret_values: tuple[str, ...] = field(default=(), repr=False)
