"""One conditional GET of one feed. Whatever goes wrong is a value with words for a person."""

from __future__ import annotations

import time
from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime
from http.cookiejar import DefaultCookiePolicy
from urllib.parse import urljoin, urlsplit

import requests
from requests.adapters import HTTPAdapter
from urllib3.exceptions import DecodeError, HTTPError

from feedarchive import __version__
from feedarchive.feeds.values import without_credentials
from feedarchive.polling.answers import Fetched, FetchFailed, NotModified
from feedarchive.polling.freshness import fresh_for, retry_after
from feedarchive.polling.public_addresses import PrivateAddress, PublicOnlyAdapter

__all__ = ["FetchFailed", "Fetched", "Fetcher", "NotModified"]

LARGEST_BODY = 10 * 1024 * 1024  # bytes, after decompression
_LONGEST_FETCH = 30.0  # seconds, redirects included
_TIMEOUTS = (10.0, 20.0)  # seconds: to connect, between two reads
_MOST_REDIRECTS = 5
_CHUNK = 64 * 1024
_PERMANENT = {301, 308}
_REDIRECTS = {301, 302, 303, 307, 308}
_ACCEPT = "application/rss+xml, application/atom+xml, application/feed+json, application/rdf+xml, */*;q=0.5"


class Fetcher:
    """Fetches feeds. One for a run; safe for many threads, for each of which it keeps no state."""

    def __init__(self, contact: str = "", allow_private_addresses: bool = False) -> None:
        self._user_agent = f"Feedarchive/{__version__}" + (f" (+{contact})" if contact else "")
        self._adapter: HTTPAdapter = HTTPAdapter() if allow_private_addresses else PublicOnlyAdapter()

    def fetch(
        self, url: str, etag: str = "", last_modified: str = "", headers: Mapping[str, str] | None = None
    ) -> Fetched | NotModified | FetchFailed:
        """Ask for a feed, with the validators of the last answer byte for byte."""
        asked = {"User-Agent": self._user_agent, "Accept": _ACCEPT, "Accept-Encoding": "gzip, deflate"}
        asked |= {"If-None-Match": etag} if etag else {}
        asked |= {"If-Modified-Since": last_modified} if last_modified else {}
        with requests.Session() as session:
            session.trust_env = False  # no proxy and no .netrc nobody asked for
            session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
            session.mount("http://", self._adapter)
            session.mount("https://", self._adapter)
            try:
                return _followed(session, url, asked, dict(headers or {}))
            except (requests.RequestException, HTTPError, ValueError) as error:
                # Not all of what requests and urllib3 raise for an impossible address is theirs.
                return _failure(url, error)


def _followed(
    session: requests.Session, url: str, asked: dict[str, str], own: dict[str, str]
) -> Fetched | NotModified | FetchFailed:
    """Follow redirects by hand: a feed's own headers may be secrets and go to its own host only."""
    deadline, origin = time.monotonic() + _LONGEST_FETCH, _origin(url)
    hops: list[int] = []
    for _ in range(_MOST_REDIRECTS + 1):
        headers = {**asked, **own} if _origin(url) == origin else asked
        with session.get(url, headers=headers, timeout=_TIMEOUTS, stream=True, allow_redirects=False) as response:
            location = response.headers.get("Location")
            if response.status_code not in _REDIRECTS or not location:
                answer = _answer(response, url, deadline)
                moved = bool(hops) and all(status in _PERMANENT for status in hops)
                return answer if isinstance(answer, FetchFailed) else replace(answer, moved=moved)
            hops.append(response.status_code)
        url = urljoin(url, location)
        if urlsplit(url).scheme not in ("http", "https"):
            return FetchFailed("refused", f"it redirects to {without_credentials(url)[:200]}, which is not http(s)")
        if time.monotonic() > deadline:
            return FetchFailed("timeout", f"its redirects took longer than {_LONGEST_FETCH:.0f} seconds")
    return FetchFailed("redirects", f"it redirects more than {_MOST_REDIRECTS} times")


def _answer(response: requests.Response, url: str, deadline: float) -> Fetched | NotModified | FetchFailed:
    etag, last_modified = response.headers.get("ETag", ""), response.headers.get("Last-Modified", "")
    headers, received = {name.lower(): value for name, value in response.headers.items()}, datetime.now(UTC)
    if response.status_code == 304:
        return NotModified(etag, last_modified, fresh_for(headers, received), without_credentials(url))
    if response.status_code != 200:
        status, wait = response.status_code, retry_after(headers, received)
        if status == 410:
            return FetchFailed("gone", "the server answers 410: the feed is gone for good", status, wait)
        reason = f" {response.reason}" if response.reason else ""
        return FetchFailed("http", f"the server answers {status}{reason}", status, wait)
    body, incomplete = bytearray(), ""
    try:
        # read1 gives what has come: read() would lose up to a chunk of it when the connection breaks.
        while chunk := response.raw.read1(_CHUNK, decode_content=True):
            body += chunk
            if len(body) > LARGEST_BODY:
                return FetchFailed("too-large", f"the document is larger than {LARGEST_BODY // 2**20} MiB")
            if time.monotonic() > deadline:
                return FetchFailed("timeout", f"the document took longer than {_LONGEST_FETCH:.0f} seconds")
    except DecodeError:
        incomplete = "its compression is damaged"
    except (HTTPError, OSError):
        incomplete = f"the connection broke after {len(body)} bytes"
    if incomplete and not body:
        return FetchFailed("connection", incomplete)
    return Fetched(
        bytes(body),
        without_credentials(url),
        response.headers.get("Content-Type", ""),
        etag,
        last_modified,
        incomplete,
        fresh_for=fresh_for(headers, received),
    )


def _origin(url: str) -> tuple[str, str]:
    parts = urlsplit(url)
    return parts.scheme, parts.netloc.rpartition("@")[2].lower()


def _failure(url: str, error: Exception) -> FetchFailed:
    host = urlsplit(url).hostname or "the host"
    cause = _innermost(error)
    if isinstance(cause, PrivateAddress):
        return FetchFailed("refused", f"{host} is not at a public address; allow_private_addresses would permit it")
    if isinstance(error, requests.exceptions.SSLError):
        return FetchFailed("tls", f"no secure connection to {host}: {_short(cause)}")
    if isinstance(error, requests.exceptions.ConnectTimeout):
        return FetchFailed("timeout", f"{host} did not accept a connection within {_TIMEOUTS[0]:.0f} seconds")
    if isinstance(error, requests.Timeout):
        return FetchFailed("timeout", f"{host} sent nothing for {_TIMEOUTS[1]:.0f} seconds")
    if isinstance(error, requests.ConnectionError):
        return FetchFailed("unreachable", f"no connection to {host}: {_short(cause)}")
    return FetchFailed("connection", f"the exchange with {host} failed: {_short(cause)}")


def _innermost(error: BaseException) -> BaseException:
    """The cause at the bottom; requests and urllib3 wrap it several times."""
    seen: BaseException = error
    for _ in range(10):
        inner = next((a for a in (getattr(seen, "reason", None), *seen.args) if isinstance(a, BaseException)), None)
        inner = inner or seen.__cause__ or seen.__context__
        if inner is None or isinstance(seen, PrivateAddress):
            break
        seen = inner
    return seen


def _short(error: BaseException) -> str:
    text = " ".join((getattr(error, "strerror", None) or str(error)).split())
    return text.rpartition(": ")[2][:160] or type(error).__name__
