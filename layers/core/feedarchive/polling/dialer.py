"""Open connections: look up the host, check its IP addresses, and connect, all within one time limit.

The host name is looked up only once for each connection. The connection goes to an IP address that was checked, so a
server cannot pass the check with one DNS response and then send another one (DNS rebinding).
"""

from __future__ import annotations

import socket
import ssl
import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from feedarchive.polling.private_addresses import allowed_addresses, is_public, numeric_addresses

_MAX_ADDRESSES = 6
"""How many IP addresses of a host are tried, one after another."""
Resolver = Callable[[str], Sequence[str]]


class HostNotFound(OSError):
    """The host name cannot be looked up.

    ``permanent``: whether the DNS says that the name does not exist. If False, a later lookup may succeed.
    """

    def __init__(self, message: str, permanent: bool) -> None:
        super().__init__(message)
        self.permanent = permanent


class ConnectionRefused(OSError):
    """No IP address of the host accepted a connection."""


class ConnectTimeout(TimeoutError):
    """DNS lookup, connection and TLS handshake together took too long.

    ``during_lookup``: whether the time ran out during the DNS lookup.
    """

    during_lookup = False


class TotalTimeout(TimeoutError):
    """The time limit of the whole fetch was reached."""


class TooManyBytes(OSError):
    """The server sent more bytes than allowed."""


class TimedSocket(socket.socket):
    """A socket whose timeout is the limit for all reads together.

    The timeout of an ordinary socket starts again with every read, so a server that sends one byte at a time could
    extend it forever.

    - ``read_timeout``: the additional limit for a single read, in seconds.
    - ``bytes_left``: how many bytes may still be received.
    """

    read_timeout: float = 20.0
    bytes_left: int = 2**62
    _deadline: float = 0.0

    def settimeout(self, value: float | None) -> None:
        super().settimeout(value)
        self._deadline = time.monotonic() + (2.0**31 if value is None else value)

    def recv_into(self, *args: Any, **kwargs: Any) -> int:
        seconds_left = self._deadline - time.monotonic()
        if seconds_left <= 0:
            raise TotalTimeout
        super().settimeout(min(seconds_left, self.read_timeout))
        try:
            count = super().recv_into(*args, **kwargs)
        except TimeoutError:
            if seconds_left <= self.read_timeout:
                raise TotalTimeout from None
            raise
        self.bytes_left -= count
        if self.bytes_left < 0:
            raise TooManyBytes
        return count


class TimedTLSSocket(TimedSocket, ssl.SSLSocket):
    """A TimedSocket with TLS. To make one, set ``sslsocket_class`` of an SSLContext to this class."""


def system_resolver(host: str) -> list[str]:
    """Look up the IP addresses of a host with the system's resolver.

    Raises OSError or UnicodeError if the lookup fails.
    """
    return [str(info[4][0]) for info in socket.getaddrinfo(host, None, type=socket.SOCK_STREAM)]


@dataclass(frozen=True)
class Dialer:
    """Opens connections.

    - ``is_allowed``: decides whether an IP address may be connected to.
    - ``read_timeout``: the limit for a single read, in seconds.
    - ``resolver``: looks up the IP addresses of a host.
    """

    is_allowed: Callable[[str], bool] = is_public
    read_timeout: float = TimedSocket.read_timeout
    resolver: Resolver = system_resolver

    def open(self, host: str, port: int, timeout: float, check_address: bool = True) -> TimedSocket:
        """Connect to a host within ``timeout`` seconds. The timeout of the returned socket is the time that is left.

        ``check_address``: if False, the host may have any IP address.

        Raises HostNotFound, PrivateAddress, ConnectionRefused or ConnectTimeout.
        """
        deadline = time.monotonic() + timeout
        addresses = numeric_addresses(host) or self._look_up(host, timeout)
        if check_address:
            addresses = allowed_addresses(host, addresses, self.is_allowed)
        addresses = addresses[:_MAX_ADDRESSES]
        reason = ""
        for number, address in enumerate(addresses):
            # Divide the time between the addresses, so that an address that never responds does not use up all of it.
            share = (deadline - time.monotonic()) / (len(addresses) - number)
            if share <= 0:
                break
            try:
                connected = self._connect(address, port, share)
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
        """Look up a host in another thread, because the system's resolver has no timeout and may block for minutes."""
        addresses: list[str] = []
        errors: list[Exception] = []

        def look_up() -> None:
            try:
                addresses.extend(self.resolver(host))
            except Exception as error:  # noqa: BLE001 - raised below, in the calling thread
                errors.append(error)

        thread = threading.Thread(target=look_up, daemon=True)
        thread.start()
        thread.join(timeout)
        if thread.is_alive():
            timed_out = ConnectTimeout()
            timed_out.during_lookup = True
            raise timed_out
        if errors and not isinstance(errors[0], OSError | UnicodeError):
            raise errors[0]
        if not addresses:
            code = errors[0].errno if errors and isinstance(errors[0], socket.gaierror) else socket.EAI_NONAME
            raise HostNotFound(str(errors[0]) if errors else "no address", permanent=code != socket.EAI_AGAIN)
        return addresses

    def _connect(self, address: str, port: int, timeout: float) -> TimedSocket:
        family, kind, protocol, _, sockaddr = socket.getaddrinfo(
            address, port, type=socket.SOCK_STREAM, flags=socket.AI_NUMERICHOST
        )[0]
        opened = TimedSocket(family, kind, protocol)
        try:
            opened.read_timeout = self.read_timeout
            opened.settimeout(timeout)
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened.connect(sockaddr)
        except BaseException:
            opened.close()
            raise
        return opened
