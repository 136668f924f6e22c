"""What requests sends by: urllib3's pools of connections, opened by a Dialler and held to a number of bytes.

One pool for a host, kept for the feeds of that host; the TLS context is made once for the process. There is no
requests.Session: it adds cookies, .netrc and proxies that nobody asked for, and half a millisecond to each request.
"""

from __future__ import annotations

import functools
import http.client
import socket
import ssl
from collections.abc import Mapping
from typing import Any
from urllib.parse import unquote
from urllib.request import getproxies

import certifi
import urllib3
from requests import PreparedRequest, RequestException, Response
from requests.adapters import HTTPAdapter
from requests.structures import CaseInsensitiveDict
from urllib3 import Retry
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util import parse_url
from urllib3.util.ssl_ import create_urllib3_context

from feedarchive.polling.dialer import ConnectTimeout, Dialer, TimedSocket, TimedTLSSocket

_MAX_HEAD = 256 * 1024  # bytes of status lines and headers, those of 1xx answers too
_HOSTS = 64  # whose connections are kept open
ENVIRONMENT = "environment"


class ClosedConnection(ConnectionError):
    """The server closed a connection that was kept open, before it took the next request: nobody's fault."""


class _Response(http.client.HTTPResponse):
    """Passes over every 1xx answer, as RFC 9110 section 15.2 wants; http.client knows 100 only."""

    def _read_status(self) -> tuple[str, int, str]:
        while True:
            version, status, reason = super()._read_status()  # type: ignore[misc]
            if not 100 <= status < 200 or status == http.HTTPStatus.SWITCHING_PROTOCOLS:
                return version, status, reason
            while self.fp.readline(_MAX_HEAD) not in (b"\r\n", b"\n", b""):
                pass


class _Connection(HTTPConnection):
    response_class = _Response

    def __init__(self, *args: Any, dialler: Dialer, largest: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._dialler, self._largest, self._asked = dialler, largest, 0

    def _new_conn(self) -> socket.socket:
        self._asked = 0
        # A proxy is where the user says it is: in a private network, mostly.
        return self._dialler.open(self._dns_host, self.port, float(self.timeout or 0), self.proxy is not None)

    def getresponse(self) -> urllib3.HTTPResponse:  # type: ignore[override]
        allowed = self.sock
        if isinstance(allowed, TimedSocket):
            allowed.allowance = _MAX_HEAD
        try:
            response = super().getresponse()
        except ConnectionError as error:  # http.client's RemoteDisconnected is one
            if self._asked:
                raise ClosedConnection from error
            raise
        self._asked += 1
        if isinstance(allowed, TimedSocket):
            allowed.allowance = self._largest
        return response


class _TLSConnection(_Connection, HTTPSConnection):
    def connect(self) -> None:
        try:
            super().connect()
        except ConnectTimeout:
            raise
        except TimeoutError:
            raise ConnectTimeout from None


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class _TLSPool(HTTPSConnectionPool):
    ConnectionCls = _TLSConnection


@functools.lru_cache(maxsize=1)
def system_tls() -> ssl.SSLContext:
    """Mozilla's authorities and those this machine trusts (SSL_CERT_FILE). Read once: it takes 20 ms and more."""
    context = create_urllib3_context()
    context.load_verify_locations(certifi.where())
    context.load_default_certs()
    return context


class Adapter(HTTPAdapter):
    """requests' adapter over pools of our own. It follows no redirect, keeps no cookie and tries nothing twice."""

    def __init__(self, pools: urllib3.PoolManager) -> None:
        self._pools = pools
        super().__init__(max_retries=Retry(total=False, redirect=False))

    @property
    def uses_proxy(self) -> bool:
        return isinstance(self._pools, urllib3.ProxyManager)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        self.poolmanager = self._pools

    def get_connection_with_tls_context(self, request: PreparedRequest, *args: Any, **kwargs: Any) -> Any:
        return self._pools.connection_from_url(str(request.url))

    def cert_verify(self, *args: Any, **kwargs: Any) -> None:
        """The pools' TLS context knows whom to trust."""

    def request_url(self, request: PreparedRequest, proxies: Any) -> str:
        through_proxy = self.uses_proxy and str(request.url).startswith("http:")
        return str(request.url if through_proxy else request.path_url)

    def add_headers(self, request: PreparedRequest, **kwargs: Any) -> None:
        if isinstance(self._pools, urllib3.ProxyManager) and str(request.url).startswith("http:"):
            request.headers.update(self._pools.proxy_headers)

    def build_response(self, request: PreparedRequest, answer: urllib3.BaseHTTPResponse) -> Response:
        response = Response()
        response.status_code, response.raw = answer.status, answer
        return response

    def get(self, url: str, headers: Mapping[str, str], timeout: urllib3.Timeout) -> urllib3.BaseHTTPResponse:
        """The answer to a GET, its body still to be read. Raises what urllib3 and the Dialler raise."""
        request = PreparedRequest()
        request.method, request.url = "GET", parse_url(url).url
        request.headers = CaseInsensitiveDict(headers)
        try:
            response = self.send(request, stream=True, timeout=timeout)  # type: ignore[arg-type]
        except RequestException as error:
            wrapped = error
        else:
            answer: urllib3.BaseHTTPResponse = response.raw
            return answer
        # Outside of the except: "from" would take from the cause what it was caused by.
        cause = wrapped.args[0] if wrapped.args else None
        raise cause if isinstance(cause, Exception) else wrapped


def adapters(dialler: Dialer, largest: int, tls: ssl.SSLContext, proxy: str = "") -> dict[str, Adapter]:
    """An adapter for each scheme. An answer's body may be ``largest`` bytes on the wire.

    ``proxy`` is its URL, "environment" for those that http_proxy and https_proxy name, or "" for none.
    """
    tls.sslsocket_class = TimedTLSSocket
    proxies = getproxies() if proxy == ENVIRONMENT else dict.fromkeys(("http", "https"), proxy)
    by_proxy: dict[str, Adapter] = {}
    for address in {proxies.get(scheme) or "" for scheme in ("http", "https")}:
        made = _manager(address, tls)
        of_ours: Any = {"dialler": dialler, "largest": largest}
        classes: Any = {"http": functools.partial(_Pool, **of_ours), "https": functools.partial(_TLSPool, **of_ours)}
        made.pool_classes_by_scheme = classes
        by_proxy[address] = Adapter(made)
    return {scheme: by_proxy[proxies.get(scheme) or ""] for scheme in ("http", "https")}


def _manager(proxy: str, tls: ssl.SSLContext) -> urllib3.PoolManager:
    if not proxy:
        return urllib3.PoolManager(num_pools=_HOSTS, ssl_context=tls)
    url = urllib3.util.parse_url(proxy)
    headers = urllib3.make_headers(proxy_basic_auth=unquote(url.auth)) if url.auth else None
    return urllib3.ProxyManager(url._replace(auth=None).url, _HOSTS, proxy_headers=headers, ssl_context=tls)
