"""Send single GET requests for feeds, pages and media, with checked IP addresses, limits, secrets and the proxy."""

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
    """The parts of a Requester that tests replace. ``tls``: None for the system's certificate authorities."""

    timeouts: Timeouts = field(default_factory=Timeouts)
    resolver: Resolver = system_resolver
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    is_allowed_address: Callable[[str], bool] = is_public
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True)
class RequestSettings:
    """The settings of all requests of a Requester.

    - ``contact``: is part of the User-Agent header.
    - ``proxy``: the value of ``[fetch] proxy``.
    - ``accept``: the Accept header, if the feed has no own one.
    - ``max_bytes``: the limit of a body after decompression.
    """

    contact: str = ""
    allow_private_addresses: bool = False
    proxy: str = field(default="", repr=False)
    accept: str = "*/*"
    max_bytes: int = MAX_BODY_BYTES


class Requester:
    """Sends requests, from any number of threads. Make one for each run, and close it after the run.

    ``proxy_problem`` is the reason why the proxy cannot be used. It is "" if the proxy can be used or there is none.
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
        """Send a request with the headers that ``plan`` has for this URL. No redirect is followed.

        The body of the response is not read yet. ``deadline`` is a time on the clock of ``time.monotonic``; it
        limits the reading of the body too. Raises InvalidAuthority, and what the requests library and the Dialer raise.
        """
        return self._get(url, plan, deadline, may_retry=True)

    def _resolve_proxy(self, proxy: str) -> tuple[str, str]:
        """The URL of the proxy with its secrets, and the reason why a secret is missing ("" if none is)."""
        try:
            return self.secrets.resolve_url(proxy), MASKED_SECRET if MASK in proxy else ""
        except MissingSecret as missing:
            return "", f"fetch.proxy: {missing}"

    def _get(self, url: str, plan: FetchPlan, deadline: float, may_retry: bool) -> requests.Response:
        seconds_left = deadline - time.monotonic()
        if seconds_left <= 0:
            raise TotalTimeout
        # A feed with its own time limit may spend all of it waiting for data, so it needs a patient session.
        # The feed's certificate authority is used for the feed's own origin only.
        ca = plan.feed.ca if is_same_origin(plan.feed.url, url) else ""
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
