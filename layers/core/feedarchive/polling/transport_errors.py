"""Make a FetchFailed if a request gets no response, because of a DNS, TCP or TLS error or a timeout."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

import requests
from urllib3.exceptions import InvalidHeader, LocationValueError, ProxyError

from feedarchive.polling.dialer import (
    ConnectionRefused,
    ConnectTimeout,
    HostNotFound,
    TooManyBytes,
    TotalTimeout,
)
from feedarchive.polling.http_head import InvalidHead
from feedarchive.polling.private_addresses import PrivateAddress
from feedarchive.polling.results import FetchFailed
from feedarchive.problems import FeedError


@dataclass(frozen=True)
class Timeouts:
    """The time limits of a fetch in seconds.

    - ``total``: for the whole fetch, including redirects.
    - ``connect``: for opening a connection, including the DNS lookup and the TLS handshake.
    - ``read``: for waiting for the next bytes.
    """

    total: float = 30.0
    connect: float = 10.0
    read: float = 20.0


OFFLINE_ERRORS = frozenset({FeedError.DNS, FeedError.UNREACHABLE, FeedError.TIMEOUT})
"""If every feed fails with one of these errors, this machine is probably offline."""
_PROXY = "the proxy"
_UNKNOWN_AUTHORITY = "its certificate is from an unknown authority"
_MISSING_INTERMEDIATE = f"{_UNKNOWN_AUTHORITY}, or the server does not send an intermediate certificate"
# The messages for OpenSSL's codes of certificate errors (X509_V_ERR_…).
_CERTIFICATE_ERRORS = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is self-signed",
    19: _UNKNOWN_AUTHORITY,
    20: _MISSING_INTERMEDIATE,
    21: _MISSING_INTERMEDIATE,
    23: "its certificate was revoked",
    62: "its certificate is for another host",
    64: "its certificate is for another host",
}
_NO_TLS = "the server does not use TLS on this port (try http:// instead of https://)"
_OLD_TLS = "the server supports only TLS versions that are no longer secure"
_SHORT_KEYS = "the server's keys are too short to be secure"
# The messages for OpenSSL's codes of TLS errors.
_TLS_ERRORS = {
    "WRONG_VERSION_NUMBER": _NO_TLS,
    "HTTP_REQUEST": _NO_TLS,
    "UNSUPPORTED_PROTOCOL": _OLD_TLS,
    "TLSV1_ALERT_PROTOCOL_VERSION": _OLD_TLS,
    "TLSV1_UNRECOGNIZED_NAME": "the server does not know this host name",
    "DH_KEY_TOO_SMALL": _SHORT_KEYS,
    "EE_KEY_TOO_SMALL": _SHORT_KEYS,
}


def transport_error(url: str, error: BaseException, timeouts: Timeouts) -> FetchFailed:
    """Make a FetchFailed from the exception of a request to ``url``."""
    # The innermost error comes first, because its message says the most.
    causes = list(reversed(list(causes_of(error))))
    if any(isinstance(cause, ProxyError) for cause in causes) and not any(_is_proxy_refusal(cause) for cause in causes):
        return replace(_convert(_PROXY, causes, timeouts), kind=FeedError.PROXY)
    return _convert(_host(url), causes, timeouts)


def total_timeout(timeouts: Timeouts) -> FetchFailed:
    """The error of a fetch that took longer than ``timeouts.total``."""
    return FetchFailed(FeedError.TIMEOUT, f"timed out after {timeouts.total:g} s in total")


def causes_of(error: BaseException) -> Iterator[BaseException]:
    """Yield an error and the errors that it wraps, the outermost one first.

    The requests library and urllib3 wrap errors several times: in ``reason``, in ``args`` or in ``__cause__``.
    """
    seen: list[BaseException] = []
    current: BaseException | None = error
    while current is not None and current not in seen and len(seen) < 10:
        seen.append(current)
        yield current
        wrapped = (getattr(current, "reason", None), *current.args)
        current = next((each for each in wrapped if isinstance(each, BaseException)), None) or current.__cause__


def _convert(host: str, causes: list[BaseException], timeouts: Timeouts) -> FetchFailed:  # noqa: PLR0912 - one branch for each cause
    name = "the proxy's host name" if host == _PROXY else f"the host name {host}"
    for cause in causes:
        match cause:
            case TotalTimeout():
                return total_timeout(timeouts)
            case ConnectTimeout() if timeouts.connect >= timeouts.total:
                return total_timeout(timeouts)
            case ConnectTimeout():
                doing = "looking up" if cause.during_lookup else "connecting to"
                return FetchFailed(FeedError.TIMEOUT, f"timed out after {timeouts.connect:g} s {doing} {host}")
            case TimeoutError():
                detail = f"timed out after {timeouts.read:g} s waiting for data from {host}"
                return FetchFailed(FeedError.TIMEOUT, detail)
            case HostNotFound() if cause.permanent:
                return FetchFailed(FeedError.DNS, f"{name} does not exist")
            case HostNotFound():
                return FetchFailed(FeedError.DNS, f"cannot look up {name}: the DNS servers do not respond")
            case PrivateAddress():
                hint = "to allow it, set allow_private_addresses = true under [fetch] in feeds.toml"
                return FetchFailed(FeedError.PRIVATE_ADDRESS, f"{host} has no public IP address; {hint}")
            case ConnectionRefused():
                return FetchFailed(FeedError.UNREACHABLE, f"cannot connect to {host}: {cause}")
            case TooManyBytes():
                return FetchFailed(FeedError.CONNECTION, f"{host} sent more than 256 KiB of headers")
            case ssl.SSLError():
                return FetchFailed(FeedError.TLS, f"cannot make a TLS connection to {host}: {_tls_error(cause)}")
            case ProxyError():
                continue
            case OSError() if _is_proxy_refusal(cause):
                detail = f"the proxy did not connect to {host}: {_one_line(cause)}"
                return FetchFailed(FeedError.UNREACHABLE, detail)
            case http.client.RemoteDisconnected():
                return _closed(host)
            case http.client.LineTooLong():
                return FetchFailed(FeedError.CONNECTION, f"{host} sent a header that is too long")
            case http.client.BadStatusLine() | http.client.UnknownProtocol() | InvalidHeader() | InvalidHead():
                return FetchFailed(FeedError.CONNECTION, f"{host} did not send a valid HTTP response")
            case http.client.HTTPException() if "headers" in str(cause):
                return FetchFailed(FeedError.CONNECTION, f"{host} sent too many headers")
            case ConnectionError():
                return _closed(host)
            case LocationValueError() | requests.exceptions.InvalidURL():
                return FetchFailed(FeedError.PRIVATE_ADDRESS, f"{host} is not a valid host name or IP address")
    return FetchFailed(FeedError.CONNECTION, f"the request to {host} failed: {_one_line(causes[0])}")


def _closed(host: str) -> FetchFailed:
    return FetchFailed(FeedError.CONNECTION, f"{host} closed the connection without a response")


def _is_proxy_refusal(error: BaseException) -> bool:
    """Check whether the proxy refused to connect to the host."""
    return isinstance(error, OSError) and str(error).startswith("Tunnel connection failed")


def _tls_error(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATE_ERRORS.get(error.verify_code, f"its certificate is invalid ({error.verify_message})")
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return "the server closed the connection during the handshake"
    reason = getattr(error, "reason", None) or ""
    return _TLS_ERRORS.get(reason, f"the handshake failed ({reason.replace('_', ' ').lower() or 'no reason given'})")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the host"
    except ValueError:
        return "the host"


def _one_line(error: BaseException) -> str:
    text = "".join(c if c.isprintable() else " " for c in getattr(error, "strerror", None) or str(error))
    return " ".join(text.split())[:160] or type(error).__name__
