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
_NEEDS_NOTHING = re.compile(r"[A-Za-z0-9!$&'()*+,;=:@/?._~-]*")
_NO_HOST = re.compile(r"[\s/\\<>\"'{}|^`%]")
_LONGEST = 8192
# Longer ones are not remembered: a feed is not to fill the memory with them.
_WORTH_KEEPING = 500


def web_address(written: str, base: str = "") -> str:
    """An absolute http(s) URL, percent-encoded and without credentials or trackers, or "".

    This is what a file shows: scheme, order and slashes stay the publisher's.
    """
    return _web_address(written, base) if len(written) <= _WORTH_KEEPING else _web_address.__wrapped__(written, base)


# A document's entries ask for the same addresses again and again, and taking one apart is slow.
@lru_cache(maxsize=2048)
def _web_address(written: str, base: str) -> str:
    found = _split(written, base)
    if found is None:
        return ""
    parts, host, port = found
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
    return _canonical(address) if len(address) <= _WORTH_KEEPING else _canonical.__wrapped__(address)


@lru_cache(maxsize=2048)
def _canonical(address: str) -> str:
    found = _split(address, "")
    if found is None:
        return ""
    parts, host, port = found
    parameters = sorted(p for p in _encoded(parts.query).split("&") if p and not is_tracking_parameter(p))
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


def canonical_guid(guid: str) -> str:
    """A guid as it is compared and hashed: as written, or canonical if it is an http(s) URL."""
    return (canonical(guid) if guid[:4].lower() == "http" else "") or guid


def host_of(address: str) -> str:
    """The host of a URL, lower-case IDNA; "" for what is no http(s) URL."""
    return _host_of(address) if len(address) <= _WORTH_KEEPING else _host_of.__wrapped__(address)


@lru_cache(maxsize=2048)
def _host_of(address: str) -> str:
    found = _split(address, "")
    return found[1] if found else ""


def is_ip_address(host: str) -> bool:
    """Is this host a bare IPv4 or IPv6 address?"""
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def _split(written: str, base: str) -> tuple[SplitResult, str, int | None] | None:
    """The parts of an absolute http(s) URL, its host and its port, None if that is the default one; or None."""
    text = _STRAY.sub("", written.strip())
    if not text or len(text) > _LONGEST:
        return None
    try:
        parts = urlsplit(text)
        # Identity 1 has the empty parameters gone that urljoin drops (";" at the end of a path).
        if base and (";" in text or not (parts.netloc and parts.scheme in _DEFAULT_PORTS)):
            parts = urlsplit(urljoin(base, text))
        if parts.scheme not in _DEFAULT_PORTS or not (host := _host(parts)):
            return None
        port = parts.port
    except ValueError:  # "http://[", a port of letters, a host that IDNA refuses
        return None
    return parts, host, None if port == _DEFAULT_PORTS[parts.scheme] else port


def _host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if host.isascii():
        # Old hosts have underscores and the like; only what could not be a host at all is refused.
        if _NO_HOST.search(host):
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


def _encoded(text: str) -> str:
    """Percent-encoding as RFC 3986 section 6.2.2 normalises it."""
    if _NEEDS_NOTHING.fullmatch(text):
        return text
    text = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return _ESCAPE.sub(_normal_escape, quote(text, safe=_SAFE, errors="replace"))


def _normal_escape(match: re.Match[str]) -> str:
    char = chr(int(match.group(1), 16))
    return char if char in _UNRESERVED else match.group().upper()
