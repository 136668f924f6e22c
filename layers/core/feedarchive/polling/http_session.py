"""Make sessions of the requests library that are safe for URLs from feeds.

A session checks IP addresses, and limits bytes and time. It keeps no cookies, follows no redirects, does not retry, and
reads no logins from .netrc.
"""

from __future__ import annotations

import functools
import ssl
from collections.abc import Callable
from http.cookiejar import DefaultCookiePolicy
from typing import Any
from urllib.request import getproxies

import certifi
import requests
from requests.adapters import HTTPAdapter
from urllib3.connectionpool import HTTPConnectionPool
from urllib3.util.ssl_ import create_urllib3_context

from feedarchive.polling.dialer import Dialer, TimedTLSSocket
from feedarchive.polling.http_connection import connection_pools

_MAX_HOSTS = 64
"""How many connections are kept open. One per host is enough: the feeds of a host are polled one after another."""
ENVIRONMENT = "environment"


@functools.lru_cache(maxsize=1)
def system_tls() -> ssl.SSLContext:
    """The TLS context for feeds without ``ca`` in feeds.toml.

    It is made only once, because loading the certificates takes 20 ms.
    """
    return new_tls()


def new_tls() -> ssl.SSLContext:
    """Make a TLS context that trusts the certificate authorities of Mozilla and of this machine."""
    context = create_urllib3_context()
    context.load_verify_locations(certifi.where())
    context.load_default_certs()
    return context


def new_session(dialer: Dialer, max_bytes: int, tls: ssl.SSLContext, proxy: str = "") -> requests.Session:
    """Make a session whose connections are opened by ``dialer``.

    - ``max_bytes``: how large the body of a response may be before decompression.
    - ``proxy``: the URL of a proxy; "environment" to use the environment variables http_proxy and https_proxy; "" to
      use no proxy.

    The caller must replace the session's default ``headers``, and call ``get`` with ``stream=True`` and
    ``allow_redirects=False``.
    """
    tls.sslsocket_class = TimedTLSSocket
    session = _Session()
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=()))
    found = getproxies() if proxy == ENVIRONMENT else dict.fromkeys(("http", "https"), proxy)
    session.proxies = {scheme: url for scheme in ("http", "https") if (url := found.get(scheme))}
    adapter = _Adapter(connection_pools(dialer, max_bytes), tls)
    session.mount("http://", adapter)
    session.mount("https://", adapter)
    return session


class _Session(requests.Session):
    def get_redirect_target(self, resp: requests.Response) -> None:
        """Return None, so that requests follows no redirects. It would read the bodies of redirects without limit."""
        return


class _Adapter(HTTPAdapter):
    """An HTTPAdapter that uses the connections (http_connection.py) and the TLS context of this program."""

    def __init__(self, pools: dict[str, Callable[..., HTTPConnectionPool]], tls: ssl.SSLContext) -> None:
        self._pools, self._tls = pools, tls
        super().__init__(pool_connections=_MAX_HOSTS, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._tls, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, ssl_context=self._tls, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        # With a proxy, all hosts share one pool of connections to the proxy.
        manager.connection_pool_kw["maxsize"] = _MAX_HOSTS
        return manager

    def cert_verify(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing, because the TLS context verifies certificates already.

        The requests library would load the certificates of certifi into the context again for every connection.
        """
