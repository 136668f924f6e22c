"""Fetch the document of a feed with a conditional GET."""

from __future__ import annotations

import time
from dataclasses import replace
from http import HTTPStatus

import requests
from urllib3.exceptions import HTTPError

from feedarchive.feeds.feed import Feed
from feedarchive.polling.cache_headers import fresh_for
from feedarchive.polling.content_encoding import TooLarge
from feedarchive.polling.custom_headers import login_problem
from feedarchive.polling.describe_exchange import exchange_of
from feedarchive.polling.fetch_plan import FetchPlan, plan_fetch
from feedarchive.polling.http_errors import challenge_provider, http_error
from feedarchive.polling.redirect_target import PERMANENT, REDIRECTS, InvalidRedirect, redirect_target
from feedarchive.polling.requester import FetchEnvironment, Requester, RequestSettings
from feedarchive.polling.response_body import MAX_BODY_BYTES, read_body, read_start
from feedarchive.polling.results import Fetched, FetchFailed, FetchResult, NotModified
from feedarchive.polling.retry_after import parse_retry_after
from feedarchive.polling.secret_values import MissingSecret
from feedarchive.polling.sessions import InvalidAuthority
from feedarchive.polling.transport_errors import transport_error
from feedarchive.polling.validators import NO_VALIDATORS, Validators, sendable
from feedarchive.problems import FeedError
from feedarchive.url_secrets import secret_parts

__all__ = ["FetchFailed", "Fetched", "Fetcher", "NotModified"]

_MAX_REDIRECTS = 5
_MAX_ERROR_PAGE_BYTES = 64 * 1024
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, */*;q=0.5"
_DOCUMENT_STATUSES = frozenset({200, 203})
_MAX_CONTENT_TYPE_CHARS = 500


class Fetcher:
    """Fetches feeds. A run makes one Fetcher, uses it in all of its threads, and closes it at the end.

    - ``contact``: a part of the User-Agent header that says whom to contact.
    - ``proxy``: the value of ``[fetch] proxy`` in feeds.toml.
    - ``max_bytes``: how large a document may be after decompression.
    """

    def __init__(
        self,
        contact: str = "",
        allow_private_addresses: bool = False,
        proxy: str = "",
        environment: FetchEnvironment | None = None,
        max_bytes: int = MAX_BODY_BYTES,
    ) -> None:
        settings = RequestSettings(contact, allow_private_addresses, proxy, _ACCEPT, max_bytes)
        self._requester = Requester(settings, environment or FetchEnvironment())

    def close(self) -> None:
        """Close the connections that were kept open."""
        self._requester.close()

    def fetch(
        self, feed: Feed, validators: Validators = NO_VALIDATORS, at: str = "", verify: bool = False
    ) -> FetchResult:
        """Fetch a feed with a conditional GET. A failure is returned, not raised.

        - ``validators``: the validators of the last document.
        - ``at``: the URL to which the feed has moved; "" if it has not moved. Custom headers are sent only to the
          origin of ``feed.url``, even if the feed has moved.
        - ``verify``: if the server answers "not modified", send a second request without validators.
        """
        if self._requester.proxy_problem:
            return FetchFailed(FeedError.SECRET, self._requester.proxy_problem)
        try:
            plan = plan_fetch(feed, at, validators, self._requester.secrets, self._requester.timeouts)
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

    def _follow(self, plan: FetchPlan, deadline: float) -> FetchResult:
        url = plan.start
        visited: list[str] = []
        redirects: list[int] = []
        cookies = False
        while url not in visited and len(visited) <= _MAX_REDIRECTS:
            visited.append(url)
            try:
                with self._requester.get(url, plan, deadline) as response:
                    location = response.headers.get("location")
                    if response.status_code not in REDIRECTS or not location:
                        result = self._result(response, url, plan)
                        moved = bool(redirects) and PERMANENT.issuperset(redirects)
                        return result if isinstance(result, FetchFailed) else replace(result, moved_permanently=moved)
                    # The connection can be reused only if the body of the redirect has been read.
                    read_start(response.raw, _MAX_ERROR_PAGE_BYTES)
                    redirects.append(response.status_code)
                    cookies = cookies or "set-cookie" in response.headers
                    url = redirect_target(url, location)
            except InvalidAuthority as invalid:
                return FetchFailed(FeedError.TLS, str(invalid))
            except InvalidRedirect as invalid:
                return FetchFailed(FeedError.REDIRECTS, str(invalid), response.status_code)
            except (HTTPError, OSError, ValueError) as error:  # the exceptions of the requests library are OSErrors
                return transport_error(url, error, plan.timeouts)
        loop = f"redirect loop: {plan.shown(url)[:200]}" if url in visited else f"more than {_MAX_REDIRECTS} redirects"
        hint = "; the server expects cookies, which are not sent: use another URL" if cookies else ""
        return FetchFailed(FeedError.REDIRECTS, loop + hint, redirects[-1])

    def _result(self, response: requests.Response, url: str, plan: FetchPlan) -> FetchResult:
        headers, status, received = response.headers, response.status_code, self._requester.clock()
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
            body = read_body(response.raw, self._requester.max_bytes)
        except TooLarge:
            return FetchFailed(
                FeedError.TOO_LARGE, f"the document is larger than {self._requester.max_bytes // 2**20} MiB", status
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
            content_type=headers.get("content-type", "")[:_MAX_CONTENT_TYPE_CHARS],
            etag=etag,
            last_modified=last_modified,
            incomplete=body.incomplete,
            fresh_for=fresh_for(headers, received),
            exchange=exchange_of(response, url, plan) if plan.feed.keep_documents else None,
        )
