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
_MAX_CONTENT_TYPE = 500  # characters


@dataclass(frozen=True)
class Redirect:
    """A redirect: the absolute URL of its target, and whether the response set cookies. Cookies are never sent back."""

    url: str
    sets_cookies: bool


def send_request(
    requester: Requester, url: str, plan: FetchPlan, seconds: float, into: BinaryIO | None = None
) -> Got | Redirect | Failed:
    """Request a URL once, without following a redirect.

    ``seconds`` limits everything from the name lookup to the last byte. A body that is larger than the requester's
    ``max_bytes`` is not read to its end. If ``into`` is given, the body is written to that file, and the result has no
    body. Raises CannotWrite if the file cannot be written.
    """
    try:
        with requester.get(url, plan, time.monotonic() + seconds) as response:
            location = response.headers.get("location")
            if response.status_code in REDIRECTS and location:
                read_start(response.raw, _MAX_ERROR_PAGE_BYTES)  # else the connection could not be used again
                return Redirect(redirect_target(url, location), "set-cookie" in response.headers)
            return _without_secrets(_result(response, url, plan, requester, into), plan)
    except InvalidAuthority as invalid:
        return Failed(FetchProblem.TLS, str(invalid))
    except InvalidRedirect as invalid:
        return Failed(FetchProblem.REDIRECTS, str(invalid))
    except (HTTPError, OSError, ValueError) as error:  # requests' exceptions are OSErrors
        # The error's own message names the seconds that were left. The message here names the limit that was set.
        return _without_secrets(from_transport_error(transport_error(url, error, plan.timeouts)), plan)


def _result(
    response: requests.Response, url: str, plan: FetchPlan, requester: Requester, into: BinaryIO | None
) -> Got | Failed:
    headers, status = response.headers, response.status_code
    if status not in _BODY_STATUSES:
        return from_status(status, headers, read_start(response.raw, _MAX_ERROR_PAGE_BYTES), requester.clock())
    too_large = Failed(FetchProblem.TOO_LARGE, f"it is larger than {_size(requester.max_bytes)}", status)
    length = headers.get("content-length", "")
    if length.isascii() and length.isdigit() and len(length) < 20 and int(length) > requester.max_bytes:
        return too_large  # the body need not be read
    try:
        body = read_body(response.raw, requester.max_bytes, into)
    except TooLarge:
        return too_large
    if body.incomplete:
        return Failed(FetchProblem.CONNECTION, body.incomplete, status)
    if not body.data and not (into and into.tell()):
        return Failed(FetchProblem.EMPTY, "the server sent nothing", status)
    return Got(body.data, plan.shown(url), headers.get("content-type", "")[:_MAX_CONTENT_TYPE], url)


def _without_secrets(result: Got | Failed, plan: FetchPlan) -> Got | Failed:
    if isinstance(result, Failed):
        return replace(result, detail=plan.without_secrets(result.detail))
    return result


def _size(count: int) -> str:
    return f"{count / 2**20:.4g} MiB" if count >= 2**20 else f"{count} bytes"
