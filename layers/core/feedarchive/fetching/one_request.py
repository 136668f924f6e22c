"""Send one request and read its response: a body, the target of a redirect, or a problem."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace
from typing import BinaryIO

import requests
from urllib3.exceptions import HTTPError

from feedarchive.fetching.http_problems import from_status, from_transport_error
from feedarchive.fetching.problems import FetchProblem
from feedarchive.fetching.result import Failed, Got
from feedarchive.polling.content_encoding import TooLarge
from feedarchive.polling.fetch_plan import FetchPlan
from feedarchive.polling.redirect_target import REDIRECTS, InvalidRedirect, redirect_target
from feedarchive.polling.requester import Requester
from feedarchive.polling.response_body import read_body, read_start
from feedarchive.polling.sessions import InvalidAuthority
from feedarchive.polling.transport_errors import transport_error

_MAX_ERROR_PAGE_BYTES = 64 * 1024
_BODY_STATUSES = frozenset({200, 203})
_MAX_CONTENT_TYPE_CHARS = 500


@dataclass(frozen=True)
class Redirect:
    """A redirect.

    - ``url`` is the absolute URL of its target.
    - ``sets_cookies``: the response set cookies. This program never sends them back, which may cause a redirect loop.
    """

    url: str
    sets_cookies: bool


def send_request(
    requester: Requester, url: str, plan: FetchPlan, seconds: float, into: BinaryIO | None = None
) -> Got | Redirect | Failed:
    """Request a URL once, without following a redirect.

    - ``seconds`` is the time limit from the name lookup to the last byte.
    - ``into``: if given, the body is written to this file, and the ``body`` of the result is empty.

    A body that is larger than the requester's ``max_bytes`` is a failure (TOO_LARGE), and its rest is not read.
    Raises CannotWrite if ``into`` cannot be written.
    """
    try:
        with requester.get(url, plan, time.monotonic() + seconds) as response:
            location = response.headers.get("location")
            if response.status_code in REDIRECTS and location:
                # The connection can be reused only if the body of the redirect has been read.
                read_start(response.raw, _MAX_ERROR_PAGE_BYTES)
                return Redirect(redirect_target(url, location), "set-cookie" in response.headers)
            return _without_secrets(_result(response, url, plan, requester, into), plan)
    except InvalidAuthority as invalid:
        return Failed(FetchProblem.TLS, str(invalid))
    except InvalidRedirect as invalid:
        return Failed(FetchProblem.REDIRECTS, str(invalid))
    except (HTTPError, OSError, ValueError) as error:  # the exceptions of the requests library are OSErrors
        # The message names the time limit of the fetch, not ``seconds``, which is smaller after a redirect.
        return _without_secrets(from_transport_error(transport_error(url, error, plan.timeouts)), plan)


def _result(
    response: requests.Response, url: str, plan: FetchPlan, requester: Requester, into: BinaryIO | None
) -> Got | Failed:
    headers, status = response.headers, response.status_code
    if status not in _BODY_STATUSES:
        return from_status(status, headers, read_start(response.raw, _MAX_ERROR_PAGE_BYTES), requester.clock())
    too_large = Failed(FetchProblem.TOO_LARGE, f"the response is larger than {_size(requester.max_bytes)}", status)
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and len(length) < 20 and int(length) > requester.max_bytes:
        return too_large
    try:
        body = read_body(response.raw, requester.max_bytes, into)
    except TooLarge:
        return too_large
    if body.incomplete:
        return Failed(FetchProblem.CONNECTION, body.incomplete, status)
    if not body.data and not (into and into.tell()):
        return Failed(FetchProblem.EMPTY, "the server sent nothing", status)
    return Got(body.data, plan.shown(url), headers.get("content-type", "")[:_MAX_CONTENT_TYPE_CHARS], url)


def _without_secrets(result: Got | Failed, plan: FetchPlan) -> Got | Failed:
    if isinstance(result, Failed):
        return replace(result, detail=plan.without_secrets(result.detail))
    return result


def _size(count: int) -> str:
    return f"{count / 2**20:.4g} MiB" if count >= 2**20 else f"{count} bytes"
