"""The result of fetching a page or file: a response, or the reason why there is none."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from feedarchive.fetching.problems import FetchProblem


@dataclass(frozen=True)
class Got:
    """A complete response.

    - ``body`` is empty if the body was written to a file.
    - ``url`` is the URL after redirects, without secrets.
    - ``private_url`` is the same URL with its secrets. Never write it to a file or into a message.
    """

    body: bytes = field(repr=False)
    url: str
    content_type: str
    private_url: str = field(default="", repr=False)


@dataclass(frozen=True)
class Failed:
    """A request that gave no usable response.

    - ``detail`` is a message for people.
    - ``status`` is the HTTP status, 0 if there was no response.
    - ``retry_after`` is how long the server asks to wait, None if it does not ask.
    """

    reason: FetchProblem
    detail: str
    status: int = 0
    retry_after: timedelta | None = None
