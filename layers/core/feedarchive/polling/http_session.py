"""A requests.Session with checked IP addresses, and without cookies, .netrc, redirects and retries."""

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
"""How many hosts' connections are kept open, one for each host: its feeds are polled one after another."""
ENVIRONMENT = "environment"


@functools.lru_cache(maxsize=1)
def system_tls() -> ssl.SSLContext:
    """The TLS context of the feeds without ``ca``. It is cached, because loading the certificates takes 20 ms."""
    return new_tls()


def new_tls() -> ssl.SSLContext:
    """A TLS context that trusts Mozilla's certificate authorities and those of this machine (SSL_CERT_FILE)."""
    context = create_urllib3_context()
    context.load_verify_locations(certifi.where())
    context.load_default_certs()
    return context


def new_session(dialer: Dialer, max_bytes: int, tls: ssl.SSLContext, proxy: str = "") -> requests.Session:
    """Make a session whose connections are opened by ``dialer``.

    - ``max_bytes``: the limit of a response's body before decompression.
    - ``proxy``: a URL, "environment" for the proxies that http_proxy and https_proxy name, or "" for none.

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
        """Return None, so that the requests library follows no redirect: it would read a body without limit."""
        return


class _Adapter(HTTPAdapter):
    """The HTTPAdapter of the requests library with connections and a TLS context of this program."""

    def __init__(self, pools: dict[str, Callable[..., HTTPConnectionPool]], tls: ssl.SSLContext) -> None:
        self._pools, self._tls = pools, tls
        super().__init__(pool_connections=_MAX_HOSTS, pool_maxsize=1)

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, ssl_context=self._tls, **kwargs)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, *args: Any, **kwargs: Any) -> Any:
        manager = super().proxy_manager_for(*args, ssl_context=self._tls, **kwargs)
        manager.pool_classes_by_scheme = self._pools
        manager.connection_pool_kw["maxsize"] = _MAX_HOSTS  # the hosts share the connections to the proxy
        return manager

    def cert_verify(self, *args: Any, **kwargs: Any) -> None:
        """Do nothing, because the TLS context verifies already.

        The requests library would load certifi's file into the context for every connection.
        """
