"""Resolve a redirect: the absolute URL that a Location header means. Pure."""

from __future__ import annotations

from urllib.parse import quote, urldefrag, urljoin, urlsplit

from feedarchive.url_secrets import public_url
from feedarchive.urls import without_credentials

PERMANENT = frozenset({301, 308})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_LENGTH = 8000  # characters


class InvalidRedirect(Exception):
    """A redirect that is not followed. The message says where it leads and why it is not followed."""


def redirect_target(url: str, location: str) -> str:
    """The absolute URL of a Location header, without fragment and credentials. Raises InvalidRedirect.

    ``location`` is the header as http.client returns it: decoded as latin-1. Many servers send UTF-8 instead, which is
    not valid but accepted here.
    """
    try:
        text = location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        text = quote(location.encode("latin-1", "replace"), safe="!#$%&'()*+,/:;=?@[]~")
    text = "".join(character for character in text if character.isprintable()).strip()
    try:
        target = urldefrag(urljoin(without_credentials(url), text)).url
        parts = urlsplit(target)
        _ = parts.port  # raises ValueError for an invalid port
    except ValueError:
        raise InvalidRedirect(f"redirect to {public_url(text)[:200]!r}, which is not a valid URL") from None
    target = without_credentials(target)
    if parts.scheme not in ("http", "https"):
        raise InvalidRedirect(f"redirect to {public_url(target)[:200]}, which is not an http(s) URL")
    if not parts.hostname or len(target) > _MAX_LENGTH:
        raise InvalidRedirect(f"redirect to {public_url(target)[:200]!r}, which is not a valid URL")
    return target
