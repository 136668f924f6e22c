"""Where a redirect leads. Pure."""

from __future__ import annotations

from urllib.parse import quote, urldefrag, urljoin, urlsplit

from feedarchive.urls import without_credentials

PERMANENT = frozenset({301, 308})
REDIRECTS = frozenset({301, 302, 303, 307, 308})
_MAX_LENGTH = 8000  # characters


class InvalidRedirect(Exception):
    """A redirect that is not followed; the message says where it leads, and why not."""


def redirect_target(url: str, location: str) -> str:
    """The address a Location header means, absolute, without fragment and without credentials.

    ``location`` is as HTTP hands it over, its bytes as latin-1: UTF-8 is common in it, though not allowed.
    Raises WrongRedirect.
    """
    try:
        written = location.encode("latin-1").decode("utf-8")
    except UnicodeError:
        written = quote(location.encode("latin-1", "replace"), safe="!#$%&'()*+,/:;=?@[]~")
    written = "".join(character for character in written if character.isprintable()).strip()
    try:
        target = urldefrag(urljoin(without_credentials(url), written)).url
        parts = urlsplit(target)
        _ = parts.port  # raises ValueError for what is no number
    except ValueError:
        raise InvalidRedirect(f"it redirects to {written[:200]!r}, which is no address") from None
    shown = without_credentials(target)
    if parts.scheme not in ("http", "https"):
        raise InvalidRedirect(f"it redirects to {shown[:200]}, which is not http(s)")
    if not parts.hostname or len(target) > _MAX_LENGTH:
        raise InvalidRedirect(f"it redirects to {shown[:200]!r}, which is no address")
    return shown
