"""Connections for urllib3. A Dialer opens them, and the bytes and the time of each response are limited."""

from __future__ import annotations

import functools
import http.client
import io
import socket
from collections.abc import Callable
from typing import Any

import urllib3
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool

from feedarchive.polling.dialer import ConnectTimeout, Dialer, TimedSocket
from feedarchive.polling.http_head import InvalidHead, read_head

_MAX_HEADER_BYTES = 256 * 1024
"""The maximum size of the headers of a response, together with the 1xx responses before it."""


class ClosedConnection(ConnectionError):
    """The server closed a connection that was kept open for more requests. The caller can send the request again."""


class _Response(http.client.HTTPResponse):
    """A response whose status line and headers are corrected by ``read_head`` before http.client parses them."""

    def begin(self) -> None:
        if self.headers is None:  # the headers have not been read yet
            stream = self.fp
            try:
                self.fp = io.BufferedReader(io.BytesIO(read_head(stream)))
                super().begin()
            finally:
                self.fp = stream


class _Connection(HTTPConnection):
    response_class = _Response

    def __init__(self, *args: Any, dialer: Dialer, max_bytes: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dialer, self._max_bytes, self._responses = dialer, max_bytes, 0

    def _new_conn(self) -> socket.socket:
        self._responses = 0
        # The address of a proxy is not checked: the user chose the proxy, and most proxies have a private address.
        is_proxy = self.proxy is not None
        return self._dialer.open(self._dns_host, self.port, float(self.timeout or 0), check_address=not is_proxy)

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]
        limited = self.sock
        if isinstance(limited, TimedSocket):
            limited.bytes_left = _MAX_HEADER_BYTES
        try:
            response = super().getresponse()
        except (ConnectionError, http.client.BadStatusLine, http.client.UnknownProtocol, InvalidHead) as error:
            # A new connection may help if this connection was used before: the server may have closed it, or sent too
            # many bytes for the last response.
            if self._responses:
                raise ClosedConnection from error
            raise
        self._responses += 1
        if isinstance(limited, TimedSocket):
            limited.bytes_left = self._max_bytes
        return response


class _TLSConnection(_Connection, HTTPSConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except ConnectTimeout:
            raise
        except TimeoutError:  # the time ran out during the TLS handshake
            raise ConnectTimeout from None


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


def connection_pools(dialer: Dialer, max_bytes: int) -> dict[str, Callable[..., HTTPConnectionPool]]:
    """Make the value of ``pool_classes_by_scheme`` for a urllib3 PoolManager.

    - ``dialer``: opens the connections.
    - ``max_bytes``: the maximum size of the body of a response, before decompression.
    """
    limits: dict[str, Any] = {"dialer": dialer, "max_bytes": max_bytes}
    return {"http": functools.partial(_Pool, **limits), "https": functools.partial(_TLSPool, **limits)}
