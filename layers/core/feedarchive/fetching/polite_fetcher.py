"""Fetch the page of an article, or one of its files, such as a picture.

- Polite: robots.txt is obeyed. Every request waits for its turn at the host (pace.py). This includes requests for
  robots.txt and for the targets of redirects.
- Safe: by default, connections are made only to public addresses (polling/requester.py).
"""

from __future__ import annotations

import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from typing import BinaryIO
from urllib.parse import urldefrag

from feedarchive.article.shown_link import unwrap_link
from feedarchive.feeds.feed import Feed
from feedarchive.fetching.one_request import Redirect, send_request
from feedarchive.fetching.pace import GAP, Pace
from feedarchive.fetching.problems import FetchProblem
from feedarchive.fetching.result import Failed, Got
from feedarchive.fetching.robots_cache import CachedRobots, RobotsCache
from feedarchive.fetching.robots_txt import MAX_RECEIVED_BYTES as MAX_ROBOTS_BYTES
from feedarchive.fetching.robots_txt import RobotsTxt, robots_url
from feedarchive.polling.fetch_plan import FetchPlan, plan_fetch
from feedarchive.polling.requester import FetchEnvironment, Requester, RequestSettings
from feedarchive.polling.secret_values import MissingSecret
from feedarchive.polling.validators import NO_VALIDATORS
from feedarchive.url_secrets import MASK, secret_parts
from feedarchive.urls import host_of, without_credentials

MAX_PAGE_BYTES = 10 * 2**20
"""The maximum size of a page or a picture after decompression."""
PAGE_ACCEPT = "text/html, application/xhtml+xml;q=0.9, */*;q=0.5"
_MAX_REDIRECTS = 5


@dataclass(frozen=True)
class ClientSettings:
    """The settings of all requests.

    - ``contact``, ``allow_private_addresses`` and ``proxy`` are the values in feeds.toml.
    - ``environment`` has the parts that tests replace, such as the name lookup.
    """

    contact: str = ""
    allow_private_addresses: bool = False
    proxy: str = field(default="", repr=False)
    environment: FetchEnvironment = field(default_factory=FetchEnvironment)


class PoliteFetcher:
    """Fetches pages and files. Any number of threads may share it.

    Make one fetcher for each run, and close it after the run.
    """

    def __init__(self, settings: ClientSettings, pace: Pace, robots: RobotsCache) -> None:
        self._settings, self._pace, self._robots = settings, pace, robots
        self._requesters: dict[int, Requester] = {}
        self._lock = threading.Lock()

    def close(self) -> None:
        """Close the connections that were kept open."""
        for requester in self._requesters.values():
            requester.close()

    def get(
        self,
        url: str,
        accept: str = PAGE_ACCEPT,
        max_bytes: int = MAX_PAGE_BYTES,
        feed: Feed | None = None,
        seconds: float | None = None,
        into: BinaryIO | None = None,
    ) -> Got | Failed:
        """Wait until the host may be requested, fetch a URL, and follow its redirects.

        - ``max_bytes``: a larger body is a failure (TOO_LARGE).
        - ``feed``: the login and the headers of this feed are sent, but only to the origin of the feed's URL.
        - ``seconds`` is the time limit of all requests together. Waits between the requests do not count. If it is
          None, the feed's timeout is the limit, or the default timeout if the feed has none.
        - ``into``: an empty file to which the body is written. The ``body`` of the result is then empty. After a
          failure, the file may contain a part of a body.

        Raises CannotWrite if ``into`` cannot be written.
        """
        url = urldefrag(without_credentials(unwrap_link(url))).url
        if MASK in url:
            return Failed(FetchProblem.MASKED, FetchProblem.MASKED.meaning)
        if not host_of(url):
            return Failed(FetchProblem.PRIVATE_ADDRESS, "the link is not an http(s) URL")
        requester = self._requester(max_bytes)
        if requester.proxy_problem:
            return Failed(FetchProblem.SECRET, requester.proxy_problem)
        try:
            plan = plan_fetch(feed or Feed(url, ""), url, NO_VALIDATORS, requester.secrets, requester.timeouts)
        except MissingSecret as missing:
            return Failed(FetchProblem.SECRET, str(missing))
        timeouts = plan.timeouts if seconds is None else replace(plan.timeouts, total=seconds)
        return self._follow(requester, replace(plan, own={**plan.own, "Accept": accept}, timeouts=timeouts), into)

    def secrets_of(self, feed: Feed) -> tuple[str, ...]:
        """The secret parts of a feed's URL.

        A fetched page may contain them. Hide them (``hide_secrets``) before the page is archived.
        """
        url = feed.url
        with suppress(MissingSecret):
            url = self._requester(MAX_PAGE_BYTES).secrets.resolve_url(url) if feed.has_references else url
        return secret_parts(feed.url, url)

    def _follow(self, requester: Requester, plan: FetchPlan, into: BinaryIO | None) -> Got | Failed:
        url, visited, cookies, left = plan.start, list[str](), False, plan.timeouts.total
        while url not in visited and len(visited) <= _MAX_REDIRECTS:
            visited.append(url)
            robots = self._robots_of(url)
            if isinstance(robots, Failed):
                return robots
            if not robots.allows(url):
                return Failed(
                    FetchProblem.ROBOTS, f"{robots_url(plan.shown(url))} does not allow Feedarchive to fetch the URL"
                )
            with self._pace.turn(host_of(url), max(GAP, robots.crawl_delay)) as granted:
                if not granted:
                    return Failed(FetchProblem.OUT_OF_TIME, _no_turn(url))
                started = time.monotonic()
                result = send_request(requester, url, plan, left, into)
                left -= time.monotonic() - started
            if not isinstance(result, Redirect):
                self._obey_retry_after(url, result)
                return result
            url, cookies = result.url, cookies or result.sets_cookies
        loop = f"redirect loop: {plan.shown(url)[:200]}" if url in visited else f"more than {_MAX_REDIRECTS} redirects"
        return Failed(
            FetchProblem.REDIRECTS, loop + ("; the server expects cookies, which are not sent" if cookies else "")
        )

    def _obey_retry_after(self, url: str, result: Got | Failed) -> None:
        if isinstance(result, Failed) and result.retry_after:
            self._pace.hold(host_of(url), self._pace.clock() + result.retry_after)

    def _robots_of(self, url: str) -> RobotsTxt | Failed:
        """Return the robots.txt for a URL, or a failure if nothing may be requested from the site for now."""
        at, now = robots_url(url), self._pace.clock()
        cached = self._robots.get(at, now)
        if not cached:
            robots = self._fetch_robots(at)
            if isinstance(robots, Failed) and robots.reason is FetchProblem.OUT_OF_TIME:
                return robots
            cached = CachedRobots(robots, now)
            self._robots.put(at, cached)
        return cached.robots

    def _fetch_robots(self, url: str) -> RobotsTxt | Failed:
        """Fetch a robots.txt and follow its redirects (RFC 9309 section 2.3.1).

        No robots.txt is obeyed for these requests.
        """
        requester = self._requester(MAX_ROBOTS_BYTES)
        plan = plan_fetch(Feed(url, ""), url, NO_VALIDATORS, requester.secrets, requester.timeouts)
        plan = replace(plan, own={"Accept": "text/plain, */*;q=0.5"})
        for _ in range(_MAX_REDIRECTS + 1):
            with self._pace.turn(host_of(url)) as granted:
                if not granted:
                    return Failed(FetchProblem.OUT_OF_TIME, _no_turn(url))
                result = send_request(requester, url, plan, plan.timeouts.total)
            if isinstance(result, Got):
                return RobotsTxt.from_bytes(result.body)
            if isinstance(result, Failed):
                self._obey_retry_after(url, result)
                return _without_robots(result)
            url = result.url
        return RobotsTxt()

    def _requester(self, max_bytes: int) -> Requester:
        with self._lock:
            if max_bytes not in self._requesters:
                settings = self._settings
                limited = RequestSettings(
                    settings.contact, settings.allow_private_addresses, settings.proxy, max_bytes=max_bytes
                )
                self._requesters[max_bytes] = Requester(limited, settings.environment)
            return self._requesters[max_bytes]


def _no_turn(url: str) -> str:
    return f"{host_of(url)} may be requested again only after this run"


def _without_robots(failed: Failed) -> RobotsTxt | Failed:
    """Decide what may be requested from a site whose robots.txt could not be fetched.

    Returns an empty RobotsTxt if everything is allowed, or a failure if nothing may be requested for now.
    """
    if failed.reason in (FetchProblem.EMPTY, FetchProblem.REDIRECTS):
        return RobotsTxt()
    if failed.status == HTTPStatus.TOO_MANY_REQUESTS or not failed.status or failed.reason is FetchProblem.CHALLENGE:
        return failed  # other requests to the site would probably fail too
    if HTTPStatus.BAD_REQUEST <= failed.status < HTTPStatus.INTERNAL_SERVER_ERROR:
        return RobotsTxt()
    return replace(failed, reason=FetchProblem.ROBOTS_UNAVAILABLE, detail=f"robots.txt: {failed.detail}")
