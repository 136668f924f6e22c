"""Describe a request for a feed document and its response, to store them with the document. Secrets are masked."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from feedarchive.feeds.feed import Feed
from feedarchive.feeds.secret_references import HEADER_REFERENCE
from feedarchive.polling.exchange import Exchange, Headers
from feedarchive.polling.fetch_plan import FetchPlan, secrets_in
from feedarchive.url_secrets import MASK, is_secret_name

if TYPE_CHECKING:
    import requests

_HTTP_1_0 = 10
# The headers of a request that this program sets itself. The values of all other headers are masked.
_OWN_HEADERS = {
    "user-agent", "accept", "accept-encoding", "connection", "host", "if-none-match", "if-modified-since",
}  # fmt: skip
_CREDENTIALS = {"authorization", "proxy-authorization", "cookie", "set-cookie"}


def exchange_of(response: requests.Response, url: str, plan: FetchPlan) -> Exchange:
    """Describe a response and its request.

    ``plan`` says which parts of ``url`` and which headers are secret.
    """
    shown, raw = plan.shown(url), response.raw
    return Exchange(
        target=_path_and_query(shown),
        request_headers=_public_request(shown, response.request.headers.items(), plan.custom),
        http_version="HTTP/1.0" if raw.version == _HTTP_1_0 else "HTTP/1.1",
        status=response.status_code,
        reason=plan.without_secrets(response.reason or ""),
        response_headers=_public_response(raw.headers.items(), plan.without_secrets),
        secret_values=_secret_values(plan.feed, plan.custom),
    )


def _public_request(url: str, sent: Iterable[tuple[str, str | bytes]], custom: Mapping[str, str]) -> Headers:
    """Add the Host header to the headers that were sent, and mask all values that may be secret."""
    names = {name.lower() for name in custom}
    headers = [("Host", urlsplit(url).netloc)]
    for name, value in sent:
        text = value.decode("latin-1") if isinstance(value, bytes) else value
        is_public = name.lower() in _OWN_HEADERS and name.lower() not in names
        headers.append((name, text if is_public else MASK))
    return tuple(headers)


def _public_response(received: Iterable[tuple[str, str]], without_secrets: Callable[[str], str]) -> Headers:
    """Mask cookies and the secrets of the request in the headers of a response."""
    return tuple(
        (name, MASK if name.lower() in _CREDENTIALS else without_secrets(" ".join(value.split())))
        for name, value in received
    )


def _path_and_query(url: str) -> str:
    parts = urlsplit(url)
    return (parts.path or "/") + (f"?{parts.query}" if parts.query else "")


def _secret_values(feed: Feed, custom: Mapping[str, str]) -> tuple[str, ...]:
    """Return the secrets in the values of the custom headers."""
    written = {name.lower(): value for name, value in feed.headers.items()}
    values = [
        part
        for name, value in custom.items()
        if name.lower() in _CREDENTIALS
        or is_secret_name(name)
        or HEADER_REFERENCE.fullmatch(written.get(name.lower(), ""))
        for part in secrets_in(value)
    ]
    return tuple(dict.fromkeys(values))
