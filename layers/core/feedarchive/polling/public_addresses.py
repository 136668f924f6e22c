"""Connections to public addresses only, checked after DNS and before a byte is sent.

The check is in the connection itself, so it holds for redirects and for a name that answers
differently the second time.
"""

from __future__ import annotations

import ipaddress
import socket
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError
from urllib3.poolmanager import PoolManager

_NAT64 = ipaddress.ip_network("64:ff9b::/96")


class PrivateAddress(NewConnectionError):
    """The host's name leads to an address that is not public."""


def is_public(address: str) -> bool:
    """Is this IP address on the public internet, in whatever form it is dressed?"""
    ip = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(ip, ipaddress.IPv6Address):
        inner = ip.ipv4_mapped or ip.sixtofour or (ip.teredo[1] if ip.teredo else None)
        if inner is None and (ip in _NAT64 or ip.packed[:12] == bytes(12)):
            inner = ipaddress.IPv4Address(ip.packed[12:])
        if inner is not None:
            return is_public(str(inner))
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


class PublicOnlyAdapter(HTTPAdapter):
    """A requests adapter whose every connection goes to a public address."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {"http": _PublicHTTPPool, "https": _PublicHTTPSPool}


def _connect_publicly(connection: HTTPConnection) -> socket.socket:
    """Connect to the first public address of the host that answers."""
    host, port = connection.host, connection.port
    try:
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except (OSError, UnicodeError) as error:
        raise NewConnectionError(connection, f"the name {host} cannot be resolved ({error})") from error
    public = [entry for entry in found if is_public(str(entry[4][0]))]
    if not public:
        raise PrivateAddress(connection, f"{host} is at {found[0][4][0]}, which is not a public address")
    refusal: OSError | None = None
    for _, _, _, _, (address, *_) in public:
        try:
            return socket.create_connection((str(address), port), timeout=connection.timeout)
        except OSError as error:
            refusal = error
    if isinstance(refusal, TimeoutError):
        raise refusal
    raise NewConnectionError(connection, f"{host} refused the connection ({refusal})")


class _PublicHTTPConnection(HTTPConnection):
    def _new_conn(self) -> socket.socket:
        return _connect_publicly(self)


class _PublicHTTPSConnection(HTTPSConnection):
    def _new_conn(self) -> socket.socket:
        return _connect_publicly(self)


class _PublicHTTPPool(HTTPConnectionPool):
    ConnectionCls = _PublicHTTPConnection


class _PublicHTTPSPool(HTTPSConnectionPool):
    ConnectionCls = _PublicHTTPSConnection
