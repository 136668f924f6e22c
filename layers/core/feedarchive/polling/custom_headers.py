"""The user's own headers for a feed, with secrets filled in, and the login from its URL.

They are sent only to the feed's own origin, and no message contains their values.
"""

from __future__ import annotations

import base64
from urllib.parse import unquote, urlsplit

from requests.structures import CaseInsensitiveDict

from feedarchive.feeds.feed import Feed
from feedarchive.polling.secret_values import MissingSecret, Secrets

_DEFAULT_PORTS = {"http": 80, "https": 443}


def custom_headers(feed: Feed, secrets: Secrets) -> CaseInsensitiveDict[str]:
    """The headers for the feed's own origin. Raises MissingSecret with the name of the header or the URL."""
    headers: CaseInsensitiveDict[str] = CaseInsensitiveDict()
    if credentials := _credentials(secrets.resolve_url(feed.url) if feed.has_references else feed.url):
        headers["Authorization"] = "Basic " + base64.b64encode(credentials).decode("ascii")
    for name, value in feed.headers.items():
        try:
            headers[name] = secrets.resolve(value)
        except MissingSecret as missing:
            raise MissingSecret(f"headers.{name}: {missing}") from None
    return headers


def may_receive_custom_headers(feed_url: str, url: str) -> bool:
    """May a feed's custom headers be sent to this URL? Yes for the feed's origin, and for the same host with https."""
    own, other = _origin(feed_url), _origin(url)
    upgraded = own is not None and own == ("http", own[1], 80) and other == ("https", own[1], 443)
    return own is not None and (own == other or upgraded)


def _credentials(url: str) -> bytes:
    """User name and password of a URL for HTTP Basic authentication (RFC 7617), in UTF-8; b"" without any."""
    try:
        userinfo = urlsplit(url).netloc.rpartition("@")[0]
    except ValueError:
        return b""
    user, _, password = userinfo.partition(":")
    return f"{unquote(user)}:{unquote(password)}".encode() if userinfo else b""


def _origin(url: str) -> tuple[str, str, int] | None:
    try:
        parts = urlsplit(url)
        return parts.scheme, parts.hostname or "", parts.port or _DEFAULT_PORTS[parts.scheme]
    except (ValueError, KeyError):
        return None
