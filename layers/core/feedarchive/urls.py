"""Resolve and split URLs, remove credentials from them, and find their hosts."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache
from urllib.parse import SplitResult, urljoin, urlsplit

import idna

_CREDENTIALS = re.compile(r"^(\s*(?:[A-Za-z][A-Za-z0-9+.-]*:)?//)[^/?#]*@")
_DEFAULT_PORTS = {"http": 80, "https": 443}
_STRAY_WHITE_SPACE = re.compile(r"[\t\r\n]")
_NOT_IN_A_HOST = re.compile(r"[\s/\\<>\"'{}|^`%]")
_MAX_URL_CHARS = 8192
MAX_CACHED_URL = 500
"""Longer URLs (in characters) are not cached, because a hostile feed could fill the memory with them."""


def without_credentials(url: str) -> str:
    """Return the URL without user name and password. The rest is unchanged."""
    return _CREDENTIALS.sub(r"\1", url)


def resolve_url(base: str, url: str) -> str:
    """Return ``url`` as an absolute URL, resolved against ``base``; "" if ``url`` is empty or invalid."""
    try:
        return urljoin(base, url) if url else ""
    except ValueError:  # ``url`` is invalid, for example "http://["
        return ""


def host_of(url: str) -> str:
    """The host of an http(s) URL, in lower case and as IDNA encodes it; "" for anything else."""
    return _cached_host_of(url) if len(url) <= MAX_CACHED_URL else _host_of(url)


def host_and_port(url: str) -> str:
    """The host of an http(s) URL, followed by its port if that is not the default; "" for anything else."""
    found = split_http_url(url)
    if not found:
        return ""
    _, host, port = found
    return host if port is None else f"{f'[{host}]' if ':' in host else host}:{port}"


def is_ip_address(host: str) -> bool:
    try:
        ipaddress.ip_address(host)
    except ValueError:
        return False
    return True


def split_http_url(url: str, base: str = "") -> tuple[SplitResult, str, int | None] | None:
    """Return the parts of an http(s) URL, its host, and its port (None if default). Return None for other URLs."""
    text = _STRAY_WHITE_SPACE.sub("", url.strip())
    if not text or len(text) > _MAX_URL_CHARS:
        return None
    try:
        parts = urlsplit(text)
        # Join absolute URLs with ";" too. Article ids depend on this: urljoin removes a ";" at the end of a path.
        if base and (";" in text or not (parts.netloc and parts.scheme in _DEFAULT_PORTS)):
            parts = urlsplit(urljoin(base, text))
        if parts.scheme not in _DEFAULT_PORTS or not (host := _ascii_host(parts)):
            return None
        port = parts.port
    except ValueError:  # ``url`` is invalid: for example, its port is not a number, or IDNA rejects its host
        return None
    return parts, host, None if port == _DEFAULT_PORTS[parts.scheme] else port


def _host_of(url: str) -> str:
    found = split_http_url(url)
    return found[1] if found else ""


_cached_host_of = lru_cache(maxsize=2048)(_host_of)


def _ascii_host(parts: SplitResult) -> str:
    host = (parts.hostname or "").rstrip(".")
    if host.isascii():
        # Hosts with underscores exist, although they are forbidden. Reject only characters that no host can have.
        if _NOT_IN_A_HOST.search(host):
            raise ValueError(f"not a host: {host!r}")
        return host.lower()
    return _idna(host)


@lru_cache(maxsize=2048)
def _idna(host: str) -> str:
    """Encode a host name in ASCII. Cached, because IDNA takes milliseconds for a long name."""
    try:
        return idna.encode(host, uts46=True).decode("ascii")
    except idna.IDNAError as error:
        raise ValueError(str(error)) from error
