"""One conditional GET of one feed. Whatever goes wrong is a value with words for a person."""

from __future__ import annotations

import re
import ssl
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from http import HTTPStatus
from types import TracebackType
from typing import Self

from urllib3 import BaseHTTPResponse, Timeout
from urllib3.exceptions import HTTPError

from feedarchive import __version__
from feedarchive.feeds.feed import Feed
from feedarchive.polling.cache_headers import fresh_for, retry_after
from feedarchive.polling.content_encoding import TooLarge
from feedarchive.polling.custom_headers import (
    MissingSecret,
    Secrets,
    custom_headers,
    may_receive_custom_headers,
    merged,
)
from feedarchive.polling.dialer import Dialer, Resolver, TotalTimeout, refuse_private_numbers, system_resolver
from feedarchive.polling.http_adapter import ClosedConnection, adapters, system_tls
from feedarchive.polling.http_errors import challenge_provider, http_error
from feedarchive.polling.private_addresses import is_public
from feedarchive.polling.redirect_target import PERMANENT, REDIRECTS, InvalidRedirect, redirect_target
from feedarchive.polling.response_body import CHUNKS_ON_THE_WIRE, MAX_BODY_BYTES, read_body, read_start
from feedarchive.polling.results import Fetched, FetchFailed, FetchResult, NotModified
from feedarchive.polling.transport_errors import Timeouts, failure
from feedarchive.urls import without_credentials

__all__ = ["FetchFailed", "Fetched", "Fetcher", "NotModified"]

_MAX_REDIRECTS = 5
_MAX_PAGE = 64 * 1024  # bytes read of an answer that is no document
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, */*;q=0.5"
_ENCODINGS = "gzip, deflate, br, zstd"
_MAX_VALIDATOR = 2000  # characters; a longer one is not worth sending each time
_UNSENDABLE = re.compile(r"[\x00-\x08\x0a-\x1f\x7f]|[^\x00-\xff]")
_DOCUMENTS = frozenset({200, 203})
_MAX_TYPE = 500  # characters of a Content-Type


@dataclass(frozen=True)
class FetchEnvironment:
    """What a Fetcher has from outside: how long to wait, who knows names, when it is, which addresses are public, and
    the authorities that count (None: this system's). Tests set others.
    """

    times: Timeouts = field(default_factory=Timeouts)
    resolver: Resolver = system_resolver
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    public: Callable[[str], bool] = is_public
    tls: ssl.SSLContext | None = None


class Fetcher:
    """Fetches feeds. One for a run, from as many threads as you like; close it, or use it as a context.

    ``proxy`` is as ``[fetch] proxy`` has it, ``largest`` how many bytes a document may have after decompression.
    """

    def __init__(
        self,
        contact: str = "",
        allow_private_addresses: bool = False,
        proxy: str = "",
        edges: FetchEnvironment | None = None,
        largest: int = MAX_BODY_BYTES,
    ) -> None:
        edges = edges or FetchEnvironment()
        self._times, self._clock = edges.times, edges.clock
        self._private_too = allow_private_addresses
        self._headers = {
            "User-Agent": f"Feedarchive/{__version__}" + (f" (+{contact})" if contact else ""),
            "Accept": _ACCEPT,
            "Accept-Encoding": _ENCODINGS,
        }
        dialler = Dialer(
            (lambda address: True) if allow_private_addresses else edges.public, self._times.silence, edges.resolver
        )
        self._largest = largest
        self._adapters = adapters(dialler, largest + CHUNKS_ON_THE_WIRE, edges.tls or system_tls(), proxy)
        self._secrets = Secrets()

    def close(self) -> None:
        """Close the connections that were kept open."""
        for adapter in self._adapters.values():
            adapter.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def fetch(self, feed: Feed, etag: str = "", last_modified: str = "", at: str = "") -> FetchResult:
        """Ask for a feed, with the validators of the last answer byte for byte.

        ``at`` is another URL to ask at, where the feed has moved to: its own headers and its login still go to the
        origin of ``feed.url`` only.
        """
        asked = dict(self._headers)
        if feed.user_agent:
            asked["User-Agent"] = feed.user_agent
        if not feed.ignore_validators:
            asked |= {"If-None-Match": etag} if _validator(etag) else {}
            asked |= {"If-Modified-Since": last_modified} if _validator(last_modified) else {}
        try:
            own = custom_headers(feed, self._secrets)
        except MissingSecret as missing:
            return FetchFailed("secret", str(missing))
        url, deadline = without_credentials(at or feed.url), time.monotonic() + self._times.total
        been: list[str] = []
        hops: list[int] = []
        # Redirects by hand: a feed's own headers may be secrets and go to its own origin only.
        while url not in been and len(been) <= _MAX_REDIRECTS:
            been.append(url)
            headers = merged(asked, own) if own and may_receive_custom_headers(feed.url, url) else asked
            try:
                with self._response(url, headers, deadline) as response:
                    location = response.headers.get("location")
                    if response.status not in REDIRECTS or not location:
                        answer = self._answer(response, url, headers)
                        moved = bool(hops) and PERMANENT.issuperset(hops)
                        return answer if isinstance(answer, FetchFailed) else replace(answer, moved=moved)
                    read_start(response, _MAX_PAGE)
                    hops.append(response.status)
                    url = redirect_target(url, location)
            except InvalidRedirect as wrong:
                return FetchFailed("redirects", str(wrong), response.status)
            except (HTTPError, OSError, ValueError) as error:
                # Not all of what urllib3 raises for an impossible address is its own.
                return failure(url, error, self._times)
        if url in been:
            return FetchFailed("redirects", f"it redirects in a loop, to {url[:200]} again", hops[-1])
        return FetchFailed("redirects", f"it redirects more than {_MAX_REDIRECTS} times", hops[-1])

    def _response(self, url: str, headers: dict[str, str], deadline: float, again: bool = True) -> BaseHTTPResponse:
        """The answer to one request, its body still to be read; what urllib3 and the Dialler raise."""
        left = deadline - time.monotonic()
        if left <= 0:
            raise TotalTimeout
        adapter = self._adapters[url.partition(":")[0].lower()]
        if adapter.uses_proxy and not self._private_too:
            refuse_private_numbers(url)
        try:
            return adapter.get(url, headers, Timeout(total=left, connect=min(left, self._times.connect)))
        except HTTPError as error:
            if again and any(isinstance(cause, ClosedConnection) for cause in error.args):
                return self._response(url, headers, deadline, again=False)
            raise

    def _answer(self, response: BaseHTTPResponse, url: str, asked: dict[str, str]) -> FetchResult:
        headers, status, received = response.headers, response.status, self._clock()
        etag, last_modified = _validator(headers.get("etag", "")), _validator(headers.get("last-modified", ""))
        if status == HTTPStatus.NOT_MODIFIED and ("If-None-Match" in asked or "If-Modified-Since" in asked):
            read_start(response, 1)
            return NotModified(etag, last_modified, fresh_for(headers, received), url)
        if status not in _DOCUMENTS:
            who = challenge_provider(headers, read_start(response, _MAX_PAGE))
            wait = retry_after(headers, received)
            return http_error(status, response.reason or "", who, wait, received, "Authorization" in asked)
        try:
            body = read_body(response, self._largest)
        except TooLarge:
            return FetchFailed("too-large", f"the document is larger than {self._largest // 2**20} MiB", status)
        if not body.data.strip():
            empty = FetchFailed("empty", "the server answers with an empty document", status)
            return FetchFailed("connection", body.incomplete, status) if body.incomplete else empty
        return Fetched(
            body=body.data,
            url=url,
            content_type=headers.get("content-type", "")[:_MAX_TYPE],
            etag=etag,
            last_modified=last_modified,
            incomplete=body.incomplete,
            fresh_for=fresh_for(headers, received),
        )


def _validator(value: str) -> str:
    """A validator as it came; "" for one that cannot be sent back."""
    return "" if len(value) > _MAX_VALIDATOR or _UNSENDABLE.search(value) else value.rstrip(" \t")
