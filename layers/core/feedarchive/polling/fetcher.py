"""Fetch a feed with one conditional GET. Every failure is a FetchFailed with a message."""

from __future__ import annotations

import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self

import requests
from requests.structures import CaseInsensitiveDict
from urllib3 import Timeout
from urllib3.exceptions import HTTPError

from feedarchive import __version__
from feedarchive.feeds.feed import Feed
from feedarchive.polling.cache_headers import fresh_for
from feedarchive.polling.content_encoding import TooLarge
from feedarchive.polling.custom_headers import is_same_origin, login_problem
from feedarchive.polling.dialer import Dialer, Resolver, TotalTimeout, system_resolver
from feedarchive.polling.fetch_plan import MASKED_SECRET, FetchPlan, Validators, plan_fetch, sendable
from feedarchive.polling.http_connection import ClosedConnection
from feedarchive.polling.http_errors import challenge_provider, http_error
from feedarchive.polling.private_addresses import is_public, refuse_private_numbers
from feedarchive.polling.redirect_target import PERMANENT, REDIRECTS, InvalidRedirect, redirect_target
from feedarchive.polling.response_body import CHUNK_OVERHEAD_BYTES, MAX_BODY_BYTES, read_body, read_start
from feedarchive.polling.results import Fetched, FetchFailed, FetchResult, NotModified
from feedarchive.polling.retry_after import parse_retry_after
from feedarchive.polling.secret_values import MissingSecret, Secrets
from feedarchive.polling.sessions import InvalidAuthority, Sessions
from feedarchive.polling.transport_errors import Timeouts, causes_of, transport_error
from feedarchive.problems import FeedError
from feedarchive.url_secrets import MASK, secret_parts

__all__ = ["FetchFailed", "Fetched", "Fetcher", "NotModified"]

_MAX_REDIRECTS = 5
_MAX_ERROR_PAGE_BYTES = 64 * 1024
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, */*;q=0.5"
_ENCODINGS = "gzip, deflate, br, zstd"
_DOCUMENT_STATUSES = frozenset({200, 203})
_MAX_CONTENT_TYPE = 500  # characters


@dataclass(frozen=True)
class FetchEnvironment:
    """The parts of a Fetcher that tests replace. ``tls``: None for the system's certificate authorities."""

    timeouts: Timeouts = field(default_factory=Timeouts)
    resolver: Resolver = system_resolver
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    is_allowed_address: Callable[[str], bool] = is_public
    tls: ssl.SSLContext | None = None


class Fetcher:
    """Fetches feeds, from any number of threads. Use it as a context manager, one for a run.

    ``proxy`` is the value of ``[fetch] proxy``; ``max_bytes`` limits a document after decompression.
    """

    def __init__(
        self,
        contact: str = "",
        allow_private_addresses: bool = False,
        proxy: str = "",
        environment: FetchEnvironment | None = None,
        max_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        environment = environment or FetchEnvironment()
        self._timeouts, self._clock = environment.timeouts, environment.clock
        self._allow_private_addresses, self._max_bytes = allow_private_addresses, max_bytes
        dialer = Dialer(
            (lambda address: True) if allow_private_addresses else environment.is_allowed_address,
            self._timeouts.read,
            environment.resolver,
        )
        self._secrets = Secrets()
        proxy, self._proxy_problem = self._resolve_proxy(proxy)
        headers: CaseInsensitiveDict[str | bytes] = CaseInsensitiveDict(
            {
                "User-Agent": f"Feedarchive/{__version__}" + (f" (+{contact})" if contact else ""),
                "Accept": _ACCEPT,
                "Accept-Encoding": _ENCODINGS,
            }
        )
        self._sessions = Sessions(dialer, max_bytes + CHUNK_OVERHEAD_BYTES, environment.tls, proxy, headers)

    def close(self) -> None:
        """Close the connections that were kept open."""
        self._sessions.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def fetch(
        self,
        feed: Feed,
        etag: str = "",
        last_modified: str = "",
        at: str = "",
        validators_url: str = "",
        verify: bool = False,
    ) -> FetchResult:
        """Fetch a feed, unless the server says that it is unchanged according to these validators.

        ``at`` is the URL of a feed that has moved; the feed's custom headers and login still go only to the origin of
        ``feed.url``. ``validators_url``, in its public form, is the only URL that the validators are sent to; "" for
        the first one. With ``verify``, the document is fetched in full right after a "not modified", to check it.
        """
        if self._proxy_problem:
            return FetchFailed(FeedError.SECRET, self._proxy_problem)
        try:
            plan = plan_fetch(feed, at, Validators(etag, last_modified, validators_url), self._secrets, self._timeouts)
        except MissingSecret as missing:
            return FetchFailed(FeedError.SECRET, str(missing))
        deadline = time.monotonic() + plan.timeouts.total
        result = self._follow(plan, deadline)
        if verify and isinstance(result, NotModified):
            complete = self._follow(replace(plan, conditional={}), deadline)
            return replace(complete, after_not_modified=True) if isinstance(complete, Fetched) else result
        if isinstance(result, FetchFailed):
            return replace(result, detail=plan.without_secrets(result.detail))
        return result

    def _resolve_proxy(self, proxy: str) -> tuple[str, str]:
        """The URL of the proxy with its secrets, and "" or the reason why they are missing."""
        try:
            return self._secrets.resolve_url(proxy), MASKED_SECRET if MASK in proxy else ""
        except MissingSecret as missing:
            return "", f"fetch.proxy: {missing}"

    def _follow(self, plan: FetchPlan, deadline: float) -> FetchResult:
        """Request the plan's first URL and follow its redirects."""
        url = plan.start
        visited: list[str] = []
        redirects: list[int] = []
        cookies = False
        while url not in visited and len(visited) <= _MAX_REDIRECTS:
            visited.append(url)
            try:
                with self._get(url, plan, deadline) as response:
                    location = response.headers.get("location")
                    if response.status_code not in REDIRECTS or not location:
                        result = self._result(response, url, plan)
                        moved = bool(redirects) and PERMANENT.issuperset(redirects)
                        return result if isinstance(result, FetchFailed) else replace(result, moved_permanently=moved)
                    read_start(response.raw, _MAX_ERROR_PAGE_BYTES)  # so that the connection is used again
                    redirects.append(response.status_code)
                    cookies = cookies or "set-cookie" in response.headers
                    url = redirect_target(url, location)
            except InvalidAuthority as invalid:
                return FetchFailed(FeedError.TLS, str(invalid))
            except InvalidRedirect as invalid:
                return FetchFailed(FeedError.REDIRECTS, str(invalid), response.status_code)
            except (HTTPError, OSError, ValueError) as error:  # requests' exceptions are OSErrors
                return transport_error(url, error, plan.timeouts)
        loop = f"redirect loop: {plan.shown(url)[:200]}" if url in visited else f"more than {_MAX_REDIRECTS} redirects"
        hint = "; the server expects its cookies back, but no cookies are kept: use another URL" if cookies else ""
        return FetchFailed(FeedError.REDIRECTS, loop + hint, redirects[-1])

    def _get(self, url: str, plan: FetchPlan, deadline: float, may_retry: bool = True) -> requests.Response:
        """Send a request. The body of the response is not read yet. Raises what requests and the Dialer raise."""
        seconds_left = deadline - time.monotonic()
        if seconds_left <= 0:
            raise TotalTimeout
        # A feed with its own time limit may use all of it to wait for data. Its authority is for its own host only.
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

    def _result(self, response: requests.Response, url: str, plan: FetchPlan) -> FetchResult:
        headers, status, received = response.headers, response.status_code, self._clock()
        etag, last_modified = sendable(headers.get("etag", "")), sendable(headers.get("last-modified", ""))
        sent = response.request.headers
        if status == HTTPStatus.NOT_MODIFIED and ("If-None-Match" in sent or "If-Modified-Since" in sent):
            read_start(response.raw, 1)
            return NotModified(etag, last_modified, fresh_for(headers, received), plan.shown(url))
        if status not in _DOCUMENT_STATUSES:
            challenger = challenge_provider(headers, read_start(response.raw, _MAX_ERROR_PAGE_BYTES))
            wait = parse_retry_after(headers, received)
            login = login_problem(plan.feed.url, url, plan.custom, headers.get("www-authenticate", ""))
            return http_error(status, response.reason or "", challenger, wait, received, login)
        try:
            body = read_body(response.raw, self._max_bytes)
        except TooLarge:
            return FetchFailed(
                FeedError.TOO_LARGE, f"the document is larger than {self._max_bytes // 2**20} MiB", status
            )
        if not body.data.strip():
            if body.incomplete:
                return FetchFailed(FeedError.CONNECTION, body.incomplete, status)
            return FetchFailed(FeedError.EMPTY, "the server sent an empty document", status)
        return Fetched(
            body=body.data,
            url=plan.shown(url),
            private_url=url,
            secrets=tuple(dict.fromkeys((*plan.secrets, *secret_parts("", url)))),
            content_type=headers.get("content-type", "")[:_MAX_CONTENT_TYPE],
            etag=etag,
            last_modified=last_modified,
            incomplete=body.incomplete,
            fresh_for=fresh_for(headers, received),
        )
