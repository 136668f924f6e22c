"""The custom headers of a feed: the ``headers`` in feeds.toml, and the user name and password in the feed's URL.

Custom headers are sent only to the origin of the feed's URL. Error messages never contain their values.
"""

from __future__ import annotations

import base64
import re
from collections.abc import Mapping
from urllib.parse import unquote, urlsplit

from requests.structures import CaseInsensitiveDict

from feedarchive.feeds.feed import Feed
from feedarchive.polling.secret_values import MissingSecret, Secrets

_SCHEME = re.compile(r"(?:^|,)\s*([A-Za-z][A-Za-z0-9-]*)(?=\s|,|$)")
_DEFAULT_PORTS = {"http": 80, "https": 443}


def custom_headers(feed: Feed, secrets: Secrets) -> CaseInsensitiveDict[str]:
    """Return the custom headers of a feed. References to secrets are replaced by the secrets.

    Raises MissingSecret, with the name of the header in the message.
    """
    headers: CaseInsensitiveDict[str] = CaseInsensitiveDict()
    if credentials := _credentials(secrets.resolve_url(feed.url) if feed.has_references else feed.url):
        headers["Authorization"] = "Basic " + base64.b64encode(credentials).decode("ascii")
    for name, value in feed.headers.items():
        try:
            headers[name] = secrets.resolve(value)
        except MissingSecret as missing:
            raise MissingSecret(f"headers.{name}: {missing}") from None
    return headers


def login_problem(feed_url: str, url: str, custom: Mapping[str, str], challenge: str) -> str:
    """Explain why a request got HTTP 401. Returns a message for people.

    - ``url``: the URL that was requested.
    - ``custom``: the custom headers of the feed.
    - ``challenge``: the WWW-Authenticate header of the response.
    """
    host = urlsplit(url).hostname or ""
    if custom and not is_same_origin(feed_url, url):
        own = urlsplit(feed_url).hostname or ""
        return (
            f"the login is for {own} and is not sent to {host}: if {host} is the right host, replace {own} with {host} "
            "in the feed's URL"
        )
    schemes = {word.lower() for word in _SCHEME.findall(challenge)}
    if "Authorization" not in custom:
        return "a login is required"
    if "digest" in schemes and "basic" not in schemes:
        return "the server wants Digest authentication, which is not supported: ask the publisher for another login"
    return "the login was rejected"


def is_same_origin(feed_url: str, url: str) -> bool:
    """Check whether custom headers may be sent to ``url``.

    They may be sent to the origin (scheme, host and port) of the feed's URL. If that URL is http, they may also be sent
    to the same host with https.
    """
    own, other = _origin(feed_url), _origin(url)
    upgraded = own is not None and own == ("http", own[1], 80) and other == ("https", own[1], 443)
    return own is not None and (own == other or upgraded)


def _credentials(url: str) -> bytes:
    """Return the login in a URL as ``user:password``; b"" if the URL has no login."""
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
