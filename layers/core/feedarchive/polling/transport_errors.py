"""A request without an answer, in words a person can act on."""

from __future__ import annotations

import http.client
import ssl
from collections.abc import Iterator
from dataclasses import dataclass, replace
from urllib.parse import urlsplit

from urllib3.exceptions import InvalidHeader, LocationValueError, ProxyError

from feedarchive.polling.dialer import (
    ConnectionRefused,
    ConnectTimeout,
    HostNotFound,
    PrivateAddress,
    TooManyBytes,
    TotalTimeout,
)
from feedarchive.polling.results import FetchFailed


@dataclass(frozen=True)
class Timeouts:
    """How long a fetch may take, in seconds: in all, redirects included; to connect, name and TLS included; and how
    long a server may say nothing.
    """

    total: float = 30.0
    connect: float = 10.0
    silence: float = 20.0


OFFLINE_ERRORS = {"dns", "unreachable", "timeout"}
"""The kinds of failure that are this machine's own when all feeds have them."""
_PROXY = "the proxy"
# OpenSSL's X509_V_ERR_…
_CERTIFICATES = {
    9: "its certificate is not valid yet",
    10: "its certificate has expired",
    18: "its certificate is self-signed",
    19: "its certificate comes from an authority nobody knows",
    20: "its certificate comes from an authority nobody knows, or the server leaves out one in between",
    21: "its certificate comes from an authority nobody knows, or the server leaves out one in between",
    23: "its certificate was revoked",
    62: "its certificate is for another name",
    64: "its certificate is for another name",
}
_TLS_REASONS = {
    "WRONG_VERSION_NUMBER": "the server speaks no TLS there (is it http://?)",
    "HTTP_REQUEST": "the server speaks no TLS there (is it http://?)",
    "UNSUPPORTED_PROTOCOL": "the server knows only versions of TLS that are no longer safe",
    "TLSV1_ALERT_PROTOCOL_VERSION": "the server knows only versions of TLS that are no longer safe",
    "TLSV1_UNRECOGNIZED_NAME": "the server does not know this name",
    "DH_KEY_TOO_SMALL": "the server's keys are too short to be safe",
    "EE_KEY_TOO_SMALL": "the server's keys are too short to be safe",
}


def failure(url: str, error: BaseException, times: Timeouts) -> FetchFailed:
    """What an exception of a request comes to. ``url`` is where the request went."""
    causes = list(_causes(error))
    if any(isinstance(cause, ProxyError) for cause in causes) and not any(_is_of_tunnel(cause) for cause in causes):
        return replace(_failure(_PROXY, causes, times), kind="proxy")
    return _failure(_host(url), causes, times)


def _failure(host: str, causes: list[BaseException], times: Timeouts) -> FetchFailed:  # noqa: PLR0912 - one branch each
    for cause in causes:
        match cause:
            case TotalTimeout():
                return total_time_over(times)
            case ConnectTimeout() if times.connect >= times.total:
                return total_time_over(times)
            case ConnectTimeout():
                what = "the name of" if cause.looking_up else "a connection to"
                return FetchFailed("timeout", f"{what} {host} was not to be had within {times.connect:g} seconds")
            case TimeoutError():
                return FetchFailed("timeout", f"{host} sent nothing for {times.silence:g} seconds")
            case HostNotFound():
                told = "does not exist" if cause.lasting else "cannot be looked up now: the name servers do not answer"
                return FetchFailed("dns", f"the name {'of ' if host == _PROXY else ''}{host} {told}")
            case PrivateAddress():
                permits = "allow_private_addresses = true below [fetch] in feeds.toml permits a home network"
                return FetchFailed("refused", f"{host} is not at a public address ({permits})")
            case ConnectionRefused():
                return FetchFailed("unreachable", f"no connection to {host}: {cause}")
            case TooManyBytes():
                return FetchFailed("connection", f"{host} sends headers without end")
            case ssl.SSLError():
                return FetchFailed("tls", f"no secure connection to {host}: {_of_tls(cause)}")
            case ProxyError():
                continue
            case OSError() if _is_of_tunnel(cause):
                return FetchFailed("unreachable", f"the proxy makes no connection to {host}: {_line(cause)}")
            case http.client.RemoteDisconnected():
                return FetchFailed("connection", f"{host} closed the connection without an answer")
            case http.client.LineTooLong():
                return FetchFailed("connection", f"{host} sends headers that are too long")
            case http.client.BadStatusLine() | http.client.UnknownProtocol() | InvalidHeader():
                return FetchFailed("connection", f"what {host} sends is not HTTP")
            case http.client.HTTPException() if "headers" in str(cause):
                return FetchFailed("connection", f"{host} sends too many headers")
            case ConnectionError():
                return FetchFailed("connection", f"{host} closed the connection without an answer")
            case LocationValueError():
                return FetchFailed("refused", f"{host} is no address one can connect to")
    return FetchFailed("connection", f"the exchange with {host} failed: {_line(causes[0])}")


def _is_of_tunnel(error: BaseException) -> bool:
    """The proxy answers, and says that it makes no connection for us."""
    return isinstance(error, OSError) and str(error).startswith("Tunnel connection failed")


def total_time_over(times: Timeouts) -> FetchFailed:
    return FetchFailed("timeout", f"it took longer than {times.total:g} seconds in all")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The innermost first: urllib3 wraps errors several times, in several ways."""
    chain: list[BaseException] = []
    found: BaseException | None = error
    while found is not None and found not in chain and len(chain) < 10:
        chain.append(found)
        inner = next((a for a in (getattr(found, "reason", None), *found.args) if isinstance(a, BaseException)), None)
        found = inner or found.__cause__
    return reversed(chain)


def _of_tls(error: ssl.SSLError) -> str:
    if isinstance(error, ssl.SSLCertVerificationError):
        return _CERTIFICATES.get(error.verify_code, f"its certificate is wrong ({error.verify_message})")
    if isinstance(error, ssl.SSLEOFError | ssl.SSLZeroReturnError):
        return "the server closed it in the middle of the handshake"
    reason = getattr(error, "reason", None) or ""
    return _TLS_REASONS.get(reason, f"the server does not agree on one ({reason.replace('_', ' ').lower() or 'TLS'})")


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or "the host"
    except ValueError:
        return "the host"


def _line(error: BaseException) -> str:
    text = "".join(c if c.isprintable() else " " for c in getattr(error, "strerror", None) or str(error))
    return " ".join(text.split())[:160] or type(error).__name__
