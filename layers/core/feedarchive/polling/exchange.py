"""The heads of a request for a document and of its response, without secrets, so that they may be kept. Pure."""

from __future__ import annotations

from dataclasses import dataclass, field

Headers = tuple[tuple[str, str], ...]


@dataclass(frozen=True)
class Exchange:
    """The heads of a request and of its response.

    - ``target``: the path and query of the request.
    - ``http_version``: the version of the response, such as "HTTP/1.1".
    - ``secret_values``: values of secret headers. They must be masked in the document too: a server may repeat them.
    """

    target: str
    request_headers: Headers
    http_version: str
    status: int
    reason: str
    response_headers: Headers
    secret_values: tuple[str, ...] = field(default=(), repr=False)
