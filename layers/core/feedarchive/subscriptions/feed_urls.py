"""Read feed URLs as people type them, and recognize different spellings of a URL. Pure functions."""

from __future__ import annotations

import re

from feedarchive.identity.canonical_url import canonical_url
from feedarchive.text import shorten
from feedarchive.url_secrets import public_url
from feedarchive.urls import host_of, is_ip_address

# Matches the schemes of links to feed readers, such as ``feed://example.org/rss``.
_READER_SCHEME = re.compile(r"^(?:feed|rss|itpc|pcast|podcast):(?://)?", re.IGNORECASE)
_HTTP = re.compile(r"^https?://", re.IGNORECASE)
# Matches the scheme of "mailto:someone". Does not match "localhost:8080", which is a host with a port.
_OTHER_SCHEME = re.compile(r"^([A-Za-z][A-Za-z0-9+.-]*):(?!\d)")
_NOT_IN_URLS = re.compile(r"[\x00-\x20\x7f\\]")
_MAX_QUOTED = 200


class InvalidUrl(ValueError):
    """Raised for a text that is not the URL of a web page or feed. The message has one line."""


def urls_to_try(written: str) -> tuple[str, ...]:
    """Return the URLs that a text may mean. The most likely URL comes first. Raises InvalidUrl.

    ``example.org`` and ``feed://example.org`` may mean https://example.org or http://example.org.
    """
    text = _READER_SCHEME.sub("", written.strip().removeprefix("<").removesuffix(">").strip())
    # Feedly and Google Reader write "feed/" before the URL of a feed.
    text = text.removeprefix("feed/") if text.startswith("feed/http") else text
    if _HTTP.match(text):
        candidates: tuple[str, ...] = (text,)
    elif match := _OTHER_SCHEME.match(text):
        raise InvalidUrl(f"{_quoted(written)}: {match.group(1)[:20]} is not supported, only http and https are")
    else:
        candidates = (f"https://{text}", f"http://{text}")
    host = host_of(candidates[0])
    # A text without http:// or https:// that contains "@" is an email address, not a URL.
    is_plausible = _HTTP.match(text) or (_is_plausible(host) and "@" not in text.partition("/")[0])
    if _NOT_IN_URLS.search(text) or not host or not is_plausible:
        raise InvalidUrl(
            f"{_quoted(written)} is not a URL: expected one such as example.org or https://example.org/feed"
        )
    return candidates


def feed_url(written: str) -> str:
    """Convert a feed URL from an OPML file, such as ``feed://…``, to an http or https URL. Raises InvalidUrl."""
    urls = urls_to_try(written)
    # Feed readers read feed://example.org as http://example.org, not as https://example.org.
    return urls[-1] if _READER_SCHEME.match(written.strip()) else urls[0]


def spelling_key(url: str) -> str:
    """Make the spelling key of a URL: a text that is the same for all spellings of the URL.

    These differences are ignored: http or https, ``www.``, upper and lower case, a slash at the end, and tracking
    parameters.
    """
    return canonical_url(url.partition("#")[0])


def _is_plausible(host: str) -> bool:
    return "." in host or host == "localhost" or is_ip_address(host)


def _quoted(written: str) -> str:
    return repr(shorten(public_url(written.strip()), _MAX_QUOTED))
