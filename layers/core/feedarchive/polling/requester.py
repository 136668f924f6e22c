"""Send GET requests for feeds, web pages and media.

Requests go only to allowed IP addresses, and the size and the time of a response are limited.
"""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime

import requests
from requests.structures import CaseInsensitiveDict
from urllib3 import Timeout

from feedarchive import __version__
from feedarchive.polling.custom_headers import is_same_origin
from feedarchive.polling.dialer import Dialer, Resolver, TotalTimeout, system_resolver
from feedarchive.polling.fetch_plan import MASKED_SECRET, FetchPlan
from feedarchive.polling.http_connection import ClosedConnection
from feedarchive.polling.private_addresses import is_public, refuse_private_numbers
from feedarchive.polling.response_body import CHUNK_OVERHEAD_BYTES, MAX_BODY_BYTES
from feedarchive.polling.secret_values import MissingSecret, Secrets
from feedarchive.polling.sessions import Sessions
from feedarchive.polling.transport_errors import Timeouts, causes_of
from feedarchive.url_secrets import MASK

_ENCODINGS = "gzip, deflate, br, zstd"


@dataclass(frozen=True)
class FetchEnvironment:
    """The parts of a Requester that tests replace.

    ``tls``: the TLS context; None to trust the certificate authorities of Mozilla and of this machine.
    """

    timeouts: Timeouts = field(default_factory=Timeouts)
    resolver: Resolver = system_resolver
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    is_allowed_address: Callable[[str], bool] = is_public
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True)
class RequestSettings:
    """The settings of all requests of a Requester.

    - ``contact``: a URL or address that is part of the User-Agent header.
    - ``allow_private_addresses``: whether requests to IP addresses that are not public are allowed.
    - ``proxy``: the value of ``[fetch] proxy`` in feeds.toml.
    - ``accept``: the Accept header. A feed can replace it with ``headers`` in feeds.toml.
    - ``max_bytes``: how large a body may be after decompression.
    """

    contact: str = ""
    allow_private_addresses: bool = False
    proxy: str = field(default="", repr=False)
    accept: str = "*/*"
    max_bytes: int = MAX_BODY_BYTES


class Requester:
    """Sends requests. A run makes one Requester, uses it in all of its threads, and closes it at the end.

    ``proxy_problem``: the reason why the proxy cannot be used; "" if it can be used or if there is no proxy.
    """

    def __init__(self, settings: RequestSettings, environment: FetchEnvironment) -> None:
        self.timeouts, self.clock, self.max_bytes = environment.timeouts, environment.clock, settings.max_bytes
        self.secrets = Secrets()
        self._allow_private_addresses = settings.allow_private_addresses
        dialer = Dialer(
            (lambda address: True) if settings.allow_private_addresses else environment.is_allowed_address,
            self.timeouts.read,
            environment.resolver,
        )
        proxy, self.proxy_problem = self._resolve_proxy(settings.proxy)
        headers: CaseInsensitiveDict[str | bytes] = CaseInsensitiveDict(
            {
                "User-Agent": f"Feedarchive/{__version__}" + (f" (+{settings.contact})" if settings.contact else ""),
                "Accept": settings.accept,
                "Accept-Encoding": _ENCODINGS,
            }
        )
        self._sessions = Sessions(dialer, settings.max_bytes + CHUNK_OVERHEAD_BYTES, environment.tls, proxy, headers)

    def close(self) -> None:
        """Close the connections that were kept open."""
        self._sessions.close()

    def get(self, url: str, plan: FetchPlan, deadline: float) -> requests.Response:
        """Send a GET request, and return the response. Its body is not read yet, and no redirect is followed.

        - ``plan``: has the headers for each URL.
        - ``deadline``: a value of ``time.monotonic()``. The request and the reading of the body must end before it.

        Raises InvalidAuthority, and the errors of the requests library and of the Dialer.
        """
        return self._get(url, plan, deadline, may_retry=True)

    def _resolve_proxy(self, proxy: str) -> tuple[str, str]:
        """Return the URL of the proxy with its secrets, and why the proxy cannot be used; "" if it can be used."""
        try:
            return self.secrets.resolve_url(proxy), MASKED_SECRET if MASK in proxy else ""
        except MissingSecret as missing:
            return "", f"fetch.proxy: {missing}"

    def _get(self, url: str, plan: FetchPlan, deadline: float, may_retry: bool) -> requests.Response:
        seconds_left = deadline - time.monotonic()
        if seconds_left <= 0:
            raise TotalTimeout
        # The certificate authorities in ``ca`` are trusted only at the origin of the feed's URL.
        ca = plan.feed.ca if is_same_origin(plan.feed.url, url) else ""
        # A patient session waits longer for data.
        session = self._sessions.get(patient=plan.feed.timeout is not None, ca=ca)
        if not self._allow_private_addresses and url.partition(":")[0].lower() in session.proxies:
            refuse_private_numbers(url)
        timeout = Timeout(total=seconds_left, connect=min(seconds_left, plan.timeouts.connect))
        try:
            return session.get(
                url,
                headers=plan.headers(url),
                stream=True,
                allow_redirects=False,
                timeout=timeout,  # type: ignore[arg-type]  # the stubs lack urllib3's Timeout
            )
        except requests.RequestException as error:
            if may_retry and any(isinstance(cause, ClosedConnection) for cause in causes_of(error)):
                return self._get(url, plan, deadline, may_retry=False)
            raise
