"""Convert URLs to two forms.

- The clean form is written to articles.
- The canonical form is hashed to make article ids. Its rules must never change: known articles would get other ids.
"""

from __future__ import annotations

import re
from functools import lru_cache
from urllib.parse import quote

from feedarchive.identity.tracking_parameters import (
    is_counter_fragment,
    is_tracking_fragment,
    without_tracking_parameters,
)
from feedarchive.urls import MAX_CACHED_URL, split_http_url

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# The characters that RFC 3986 allows in a path, query or fragment. All others are percent-encoded.
_SAFE = "%!$&'()*+,;=:@/?-._~"
_IS_ENCODED = re.compile(r"[A-Za-z0-9!$&'()*+,;=:@/?._~-]*")


def clean_url(url: str, base: str = "") -> str:
    """Return an http(s) URL in clean form: absolute, percent-encoded, without credentials and tracking parameters.

    The scheme, the order of parameters and trailing slashes stay as they are. Returns "" for anything but an http(s)
    URL. ``base`` is the URL to which a relative URL is relative.
    """
    return _cached_clean_url(url, base) if len(url) <= MAX_CACHED_URL else _clean_url(url, base)


def canonical_url(url: str) -> str:
    """Return the canonical form of an http(s) URL: "https://www.Example.org/a/?utm_source=x" -> "example.org/a".

    Different spellings of a page's URL have the same canonical form. Returns "" for anything but an http(s) URL.

    - Removed: the scheme, ``www.``, the default port, trailing slashes, tracking parameters, fragments for tracking,
      and fragments that are a short number, such as ``#1``.
    - Normalized: the host (lower-case IDNA), percent-encoding, and the order of parameters.
    """
    return _cached_canonical_url(url) if len(url) <= MAX_CACHED_URL else _canonical_url(url)


def canonical_guid(guid: str) -> str:
    """Return a GUID in the form that is compared and hashed: an http(s) URL in canonical form, or the GUID itself."""
    return (canonical_url(guid) if guid[:4].lower() == "http" else "") or guid


def _clean_url(url: str, base: str) -> str:
    found = split_http_url(url, base)
    if found is None:
        return ""
    parts, host, port = found
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    query = without_tracking_parameters(_encoded(parts.query))
    fragment = "" if is_tracking_fragment(parts.fragment) else _encoded(parts.fragment)
    path = _encoded(parts.path)
    return f"{parts.scheme}://{netloc}{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def _canonical_url(url: str) -> str:
    found = split_http_url(url)
    if found is None:
        return ""
    parts, host, port = found
    parameters = sorted(p for p in without_tracking_parameters(_encoded(parts.query)).split("&") if p)
    fragment = parts.fragment
    if is_tracking_fragment(fragment) or is_counter_fragment(fragment):
        fragment = ""
    return (
        host.removeprefix("www.")
        + (f":{port}" if port else "")
        + _encoded(parts.path).rstrip("/")
        + (f"?{'&'.join(parameters)}" if parameters else "")
        + (f"#{_encoded(fragment)}" if fragment else "")
    )


# Cached, because splitting a URL is slow, and the entries of a document contain the same URLs many times.
_cached_clean_url = lru_cache(maxsize=2048)(_clean_url)
_cached_canonical_url = lru_cache(maxsize=2048)(_canonical_url)


def _encoded(text: str) -> str:
    """Percent-encode a part of a URL, and normalize its percent-encoding as in RFC 3986 section 6.2.2."""
    if _IS_ENCODED.fullmatch(text):
        return text
    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return _ESCAPE.sub(_normalized_escape, quote(text, safe=_SAFE, errors="replace"))


def _normalized_escape(match: re.Match[str]) -> str:
    char = chr(int(match.group(1), 16))
    return char if char in _UNRESERVED else match.group().upper()
