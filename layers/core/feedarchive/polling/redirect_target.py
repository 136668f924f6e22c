"""Find the URL to which a redirect leads, from its Location header. Pure functions."""

from __future__ import annotations

from urllib.parse import quote, urldefrag, urljoin, urlsplit

from feedarchive.url_secrets import public_url
from feedarchive.urls import without_credentials

PERMANENT = frozenset({301, 308})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_URL_CHARS = 8000


class InvalidRedirect(Exception):
    """A redirect cannot be followed. The message contains the target and the reason."""


def redirect_target(url: str, location: str) -> str:
    """Return the absolute URL to which a redirect leads, without fragment and login. Raises InvalidRedirect.

    - ``url``: the URL that redirects.
    - ``location``: the Location header. http.client has decoded it as latin-1. It is decoded again as UTF-8 here,
      because many servers send UTF-8.
    """
    try:
        text = location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        text = quote(location.encode("latin-1", "replace"), safe="!#$%&'()*+,/:;=?@[]~")
    text = "".join(character for character in text if character.isprintable()).strip()
    try:
        target = urldefrag(urljoin(without_credentials(url), text)).url
        parts = urlsplit(target)
        _ = parts.port  # if the port is invalid, this raises ValueError
    except ValueError:
        raise InvalidRedirect(f"redirect to {public_url(text)[:200]!r}, which is not a valid URL") from None
    target = without_credentials(target)
    if parts.scheme not in ("http", "https"):
        raise InvalidRedirect(f"redirect to {public_url(target)[:200]}, which is not an http(s) URL")
    if not parts.hostname or len(target) > _MAX_URL_CHARS:
        raise InvalidRedirect(f"redirect to {public_url(target)[:200]!r}, which is not a valid URL")
    return target
