"""The connections of HTTP sessions: connections of urllib3, but opened by a Dialer and limited in bytes and time."""

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
"""Limit of the status line and headers of one response, including those of the 1xx responses before it."""


class ClosedConnection(ConnectionError):
    """A connection that was kept open cannot be used any more. The request can safely be sent again on another one."""


class _Response(http.client.HTTPResponse):
    """Corrects the head with ``read_head`` before http.client parses it, so that the head is read as by browsers."""

    def begin(self) -> None:
        if self.headers is None:  # None until the head is read
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
            # The connection was kept open: the server may have closed it since, and what looks like an invalid response
            # may be surplus bytes of the previous one.
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
        except TimeoutError:  # during the TLS handshake
            raise ConnectTimeout from None


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


def connection_pools(dialer: Dialer, max_bytes: int) -> dict[str, Callable[..., HTTPConnectionPool]]:
    """The value for ``pool_classes_by_scheme`` of a urllib3 PoolManager.

    ``max_bytes`` limits the body of one response before decompression.
    """
    limits: dict[str, Any] = {"dialer": dialer, "max_bytes": max_bytes}
    return {"http": functools.partial(_Pool, **limits), "https": functools.partial(_TLSPool, **limits)}
