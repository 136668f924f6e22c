"""How long a server says to wait: Cache-Control, Expires and Retry-After. Pure, and never negative.

RFC 9111 section 4.2 (we are a private cache: ``s-maxage`` is for shared ones) and RFC 9110 section 10.2.3.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,20}")
_DIRECTIVE = re.compile(r"""([^\s=,;"]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?""")
_MAX_SECONDS = 2**31  # seconds: what RFC 9111 section 1.2.2 makes of larger numbers
_MAX_HEADER = 2000  # characters looked at
_NOTHING = timedelta(0)


def fresh_for(headers: Mapping[str, str], received: datetime) -> timedelta | None:
    """How long an answer is fresh from when it was received; None if the server does not say, or says not to keep it.

    The server's own Date counts, ``received`` only without one: clocks differ. Header names are lower-case.
    """
    directives = dict(reversed(list(_directives(headers.get("cache-control", "")))))  # the first of each counts
    if "no-cache" in directives or "no-store" in directives:
        return None
    if "max-age" in directives:
        lifetime = _seconds(directives["max-age"])
    elif "expires" in headers:
        expires = http_date(headers["expires"])
        # What is no date, "0" above all, is in the past.
        lifetime = expires - _date(headers, received) if expires else _NOTHING
    else:
        return None
    if lifetime is None:
        return None
    return max(_NOTHING, lifetime - (_seconds(headers.get("age", "").partition(",")[0]) or _NOTHING))


def retry_after(headers: Mapping[str, str], received: datetime) -> timedelta | None:
    """How long the server asks to be left alone, as seconds or a date; None if it does not. See ``fresh_for``."""
    written = headers.get("retry-after", "").strip()
    seconds = _seconds(written.partition(",")[0] if written[:1].isdigit() else written)
    if seconds is not None:
        return seconds
    until = http_date(written)
    return max(_NOTHING, until - _date(headers, received)) if until else None


def http_date(written: str) -> datetime | None:
    """A date in one of HTTP's three forms (RFC 9110 section 5.6.7); None for anything else."""
    if len(written) > 64:
        return None
    try:
        found = parsedate_to_datetime(written)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return found.replace(tzinfo=UTC) if found.tzinfo is None else found.astimezone(UTC)
    except OverflowError:  # a zone that leads past the year 1 or 9999
        return None


def _date(headers: Mapping[str, str], received: datetime) -> datetime:
    return http_date(headers.get("date", "")) or received


def _seconds(written: str) -> timedelta | None:
    found = written.strip()
    # A fraction of a second is no HTTP, but servers send it.
    whole = found.partition(".")[0]
    return timedelta(seconds=min(int(whole), _MAX_SECONDS)) if _SECONDS.fullmatch(whole) else None


def _directives(written: str) -> Iterator[tuple[str, str]]:
    for match in _DIRECTIVE.finditer(written[:_MAX_HEADER]):
        yield match.group(1).lower(), match.group(2) or match.group(3) or ""
