"""The requests and responses of ``feedarchive serve``, and the security headers of its pages. Pure functions."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

_MAX_QUERY_CHARS = 4_000
_MAX_FIELDS = 20


@dataclass(frozen=True)
class Request:
    """A request.

    - ``path``: the path, percent-decoded.
    - ``query``: the parameters in the URL, decoded, by name.
    - ``host``: the Host header.
    - ``byte_range``: the Range header; "" if there is none.
    """

    method: str
    path: str
    query: Mapping[str, str] = field(default_factory=dict)
    host: str = ""
    cookies: Mapping[str, str] = field(default_factory=dict)
    byte_range: str = ""


@dataclass(frozen=True)
class Response:
    """A response.

    - ``headers``: headers in addition to those that every response has (see ``headers_of``).
    - ``policy``: the Content-Security-Policy; "" for the policy of web pages.
    - ``parts``: the parts of a large body. If this is not None, ``body`` is ignored.
    - ``length``: the number of bytes of all ``parts``.
    """

    status: str
    body: bytes
    content_type: str = "text/html; charset=utf-8"
    headers: tuple[tuple[str, str], ...] = ()
    policy: str = ""
    parts: Iterator[bytes] | None = None
    length: int = 0


def request_of(environ: Mapping[str, Any]) -> Request:
    """Make a Request from a WSGI environment (PEP 3333)."""
    path = str(environ.get("PATH_INFO", "")).encode("latin-1", "replace").decode("utf-8", "replace")
    text = str(environ.get("QUERY_STRING", ""))[:_MAX_QUERY_CHARS]
    try:
        query = dict(parse_qsl(text, errors="replace", max_num_fields=_MAX_FIELDS))
    except ValueError:  # the query has more than _MAX_FIELDS parameters
        query = {}
    pairs = (pair.strip().partition("=") for pair in str(environ.get("HTTP_COOKIE", "")).split(";"))
    cookies = {name: value for name, _, value in pairs}
    return Request(
        str(environ.get("REQUEST_METHOD", "GET")), path, query, str(environ.get("HTTP_HOST", "")), cookies,
        str(environ.get("HTTP_RANGE", "")),
    )  # fmt: skip


def headers_of(response: Response, images: bool) -> list[tuple[str, str]]:
    """All headers of a response.

    Without ``Response.policy``, a page may load only its style sheet and, if ``images`` is True, pictures.
    """
    policy = (
        f"default-src 'none'; style-src 'self'; img-src {'http: https:' if images else chr(39) + 'none' + chr(39)}; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    )
    return [
        ("Content-Type", response.content_type),
        ("Content-Length", str(response.length if response.parts else len(response.body))),
        ("Content-Security-Policy", response.policy or policy),
        ("X-Content-Type-Options", "nosniff"),
        ("Referrer-Policy", "no-referrer"),
        ("Cross-Origin-Opener-Policy", "same-origin"),
        ("Cross-Origin-Resource-Policy", "same-origin"),
        ("Cache-Control", "no-store"),
        *response.headers,
    ]
