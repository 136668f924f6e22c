"""Web addresses: the canonical form that identity hashes, and the form that files show."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import SplitResult, quote, urljoin, urlsplit

import idna

from feedarchive.identity.tracking import is_counter_fragment, is_tracking_fragment, is_tracking_parameter

_ESCAPE = re.compile(r"%([0-9A-Fa-f]{2})")
_UNRESERVED = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~")
# What RFC 3986 allows in a path, query or fragment; all else is percent-encoded.
_SAFE = "%!$&'()*+,;=:@/?-._~"
_DEFAULT_PORTS = {"http": 80, "https": 443}
_STRAY = re.compile(r"[\t\r\n]")
_LONGEST = 8192


def web_address(written: str, base: str = "") -> str:
    """An absolute http(s) URL, percent-encoded and without credentials or trackers, or "".

    This is what a file shows: scheme, order and slashes stay the publisher's.
    """
    parts = _split(written, base)
    if parts is None:
        return ""
    host, port = _host(parts), _port(parts)
    netloc = (f"[{host}]" if ":" in host else host) + (f":{port}" if port else "")
    query = "&".join(p for p in _encoded(parts.query).split("&") if not is_tracking_parameter(p)) if parts.query else ""
    fragment = "" if is_tracking_fragment(parts.fragment) else _encoded(parts.fragment)
    path = _encoded(parts.path)
    return f"{parts.scheme}://{netloc}{path}" + (f"?{query}" if query else "") + (f"#{fragment}" if fragment else "")


def canonical(address: str) -> str:
    """The form of a URL under which two spellings of one page are equal; "" for what is no URL.

    No scheme, no ``www.``, lower-case IDNA host, no default port, no trailing slash, normalised
    percent-encoding, no trackers, parameters sorted, fragments that identify nothing dropped.
    """
    parts = _split(address, "")
    if parts is None:
        return ""
    host, port = _host(parts).removeprefix("www."), _port(parts)
    parameters = sorted(p for p in _encoded(parts.query).split("&") if p and not is_tracking_parameter(p))
    fragment = parts.fragment
    if is_tracking_fragment(fragment) or is_counter_fragment(fragment):
        fragment = ""
    return (
        host
        + (f":{port}" if port else "")
        + _encoded(parts.path).rstrip("/")
        + (f"?{'&'.join(parameters)}" if parameters else "")
        + (f"#{_encoded(fragment)}" if fragment else "")
    )


def canonical_guid(guid: str) -> str:
    """A guid as it is compared and hashed: as written, or canonical if it is an http(s) URL."""
    return (canonical(guid) if guid[:4].lower() == "http" else "") or guid


def host_of(address: str) -> str:
    """The host of a URL, lower-case IDNA; "" for what is no http(s) URL."""
    parts = _split(address, "")
    return _host(parts) if parts else ""


def is_ip_address(host: str) -> bool:
    """Is this host a bare IPv4 or IPv6 address?"""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _split(written: str, base: str) -> SplitResult | None:
    text = _STRAY.sub("", written.strip())
    if not text or len(text) > _LONGEST:
        return None
    try:
        joined = urljoin(base, text) if base else text
        parts = urlsplit(joined)
        if parts.scheme.lower() not in _DEFAULT_PORTS or not _host(parts):
            return None
        _port(parts)
    except ValueError:  # "http://[", a port of letters, a host that IDNA refuses
        return None
    return parts._replace(scheme=parts.scheme.lower())


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if host.isascii():
        # Old hosts have underscores and the like; only what could not be a host at all is refused.
        if re.search(r"[\s/\\<>\"'{}|^`%]", host):
            raise ValueError(f"no host: {host!r}")
        return host.lower()
    return _in_ascii(host)


@lru_cache(maxsize=2048)
def _in_ascii(host: str) -> str:
    """IDNA takes milliseconds for a long host, which is asked for several times."""
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(str(error)) from error


def _port(parts: SplitResult) -> int | None:
    return None if parts.port == _DEFAULT_PORTS.get(parts.scheme.lower()) else parts.port


def _encoded(text: str) -> str:
    """Percent-encoding as RFC 3986 section 6.2.2 normalises it."""
    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return _ESCAPE.sub(_normal_escape, quote(text, safe=_SAFE, errors="replace"))


def _normal_escape(match: re.Match[str]) -> str:
    char = chr(int(match.group(1), 16))
    return char if char in _UNRESERVED else match.group().upper()
