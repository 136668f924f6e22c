"""Opening a connection: the name looked up, the address checked, connected, all within a time, and then a socket whose
timeout is a total.

Names are looked up here and nowhere else, and the address that was checked is the one connected to: that is why a
second answer of the DNS changes nothing.
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlsplit

from feedarchive.polling.private_addresses import is_public

_MAX_ADDRESSES = 6  # of a name, to be tried one after another
Resolver = Callable[[str], Sequence[str]]


class HostNotFound(OSError):
    """The host's name cannot be looked up. ``lasting`` if the name does not exist, as far as the DNS knows."""

    def __init__(self, message: str, lasting: bool) -> None:
        super().__init__(message)
        self.lasting = lasting


class PrivateAddress(OSError):
    """The host's name leads to addresses that are not public, and to no other."""


class ConnectionRefused(OSError):
    """No address of the host took a connection."""


class ConnectTimeout(TimeoutError):
    """Name, connection and TLS handshake took too long. ``looking_up``: it was the name."""

    looking_up = False


class TotalTimeout(TimeoutError):
    """The total time is over."""


class TooManyBytes(OSError):
    """More bytes came than any good answer has."""


class TimedSocket(socket.socket):
    """A socket whose timeout is for all that is received from then on, however it drips, and not for one read.

    ``silence`` limits the seconds one read may wait, ``allowance`` the bytes that may still come.
    """

    silence: float = 20.0
    allowance: int = 2**62
    _deadline: float = 0.0

    def settimeout(self, value: float | None) -> None:
        super().settimeout(value)
        self._deadline = time.monotonic() + (2.0**31 if value is None else value)

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        left = self._deadline - time.monotonic()
        if left <= 0:
            raise TotalTimeout
        super().settimeout(min(left, self.silence))
        try:
            count = super().recv_into(*args, **kwargs)
        except TimeoutError:
            if left <= self.silence:
                raise TotalTimeout from None
            raise
        self.allowance -= count
        if self.allowance < 0:
            raise TooManyBytes
        return count


class TimedTLSSocket(TimedSocket, ssl.SSLSocket):
    """The same over TLS; an SSLContext makes it (``sslsocket_class``)."""


def system_resolver(name: str) -> list[str]:
    """The addresses of a name, as the machine's resolver knows them. Raises OSError or UnicodeError."""
    return [str(found[4][0]) for found in socket.getaddrinfo(name, None, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class Dialer:
    """Opens connections to hosts, at addresses that are ``allowed`` only."""

    allowed: Callable[[str], bool] = is_public
    silence: float = TimedSocket.silence
    resolver: Resolver = system_resolver

    def open(self, host: str, port: int, timeout: float, anywhere: bool = False) -> TimedSocket:
        """A connection, its timeout set to what is left of ``timeout`` seconds; ``anywhere`` skips the check.

        Raises NoSuchName, NotPublic, NoConnection or NotConnectedInTime.
        """
        deadline = time.monotonic() + timeout
        addresses = numeric_addresses(host) or self._look_up(host, timeout)
        allowed = [address for address in addresses if anywhere or self.allowed(address)][:_MAX_ADDRESSES]
        if not allowed:
            raise PrivateAddress(f"{host} is at {addresses[0]}, which is not a public address")
        reason = ""
        for number, address in enumerate(allowed):
            # An address that swallows everything must not use up the time of those after it.
            share = (deadline - time.monotonic()) / (len(allowed) - number)
            if share <= 0:
                break
            try:
                connected = self._connected(address, port, share)
            except TimeoutError:
                reason = ""
            except OSError as error:
                reason = error.strerror or str(error)
            else:
                connected.settimeout(max(deadline - time.monotonic(), 0.001))
                return connected
        if reason:
            raise ConnectionRefused(reason)
        raise ConnectTimeout

    def _look_up(self, host: str, timeout: float) -> list[str]:
        """In a thread, because nothing stops the system's resolver, which may take minutes."""
        found: list[str] = []
        failed: list[Exception] = []

        def look_up() -> None:
            try:
                found.extend(self.resolver(host))
            except Exception as error:  # noqa: BLE001 - told by the thread that waits
                failed.append(error)

        thread = threading.Thread(target=look_up, daemon=True)
        thread.start()
        thread.join(timeout)
        if thread.is_alive():
            late = ConnectTimeout()
            late.looking_up = True
            raise late
        if failed and not isinstance(failed[0], OSError | UnicodeError):
            raise failed[0]
        if not found:
            code = failed[0].errno if failed and isinstance(failed[0], socket.gaierror) else socket.EAI_NONAME
            raise HostNotFound(str(failed[0]) if failed else "no address", code != socket.EAI_AGAIN)
        return found

    def _connected(self, address: str, port: int, timeout: float) -> TimedSocket:
        family, kind, protocol, _, sockaddr = socket.getaddrinfo(
            address, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )[0]
        opened = TimedSocket(family, kind, protocol)
        try:
            opened.silence = self.silence
            opened.settimeout(timeout)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.connect(sockaddr)
        except BaseException:
            opened.close()
            raise
        return opened


def refuse_private_numbers(url: str) -> None:
    """Raise NotPublic for a URL whose host is an address, in whatever form, that is not public.

    For requests through a proxy: it is the proxy that looks up names then, and nothing else can be checked.
    """
    host = urlsplit(url).hostname or ""
    if any(not is_public(address) for address in numeric_addresses(host)) or host.rstrip(".") == "localhost":
        raise PrivateAddress(f"{host} is not a public address")


def numeric_addresses(host: str) -> list[str]:
    """The address that a host written in numbers is; [] for a name. 2130706433, 0x7f.1 and 127.1 are 127.0.0.1."""
    try:
        found = socket.getaddrinfo(host, None, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST)
    except (OSError, UnicodeError):
        return []
    return [str(address[4][0]) for address in found]
