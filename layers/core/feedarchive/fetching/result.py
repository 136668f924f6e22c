"""What a polite fetch results in."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import timedelta

from feedarchive.fetching.problems import FetchProblem


@dataclass(frozen=True)
class Got:
    """A complete response. ``url`` is its URL after redirects, in its public form; ``private_url`` is what was
    requested, which may contain secrets: nothing that is written is made from it.
    """

    body: bytes = field(repr=False)
    url: str
    content_type: str
    private_url: str = field(default="", repr=False)


@dataclass(frozen=True)
class Failed:
    """No response that can be used. ``detail`` is a message for people, ``status`` the HTTP status, 0 without one.

    ``retry_after`` is how long the server asks to wait.
    """

    reason: FetchProblem
    detail: str
    status: int = 0
    retry_after: timedelta | None = None
