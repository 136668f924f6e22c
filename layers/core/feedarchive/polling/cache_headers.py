"""How long a response stays fresh: Cache-Control and Expires (RFC 9111 section 4.2). Pure.

This program is a private cache, so it ignores ``s-maxage``, which is for shared caches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,20}")
_DIRECTIVE = re.compile(r"""([^\s=,;"]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?""")
_MAX_SECONDS = 2**31  # RFC 9111 section 1.2.2: a larger number counts as 2**31
_MAX_HEADER = 2000  # characters that are parsed


def fresh_for(headers: Mapping[str, str], received: datetime) -> timedelta | None:
    """How long a response stays fresh after it was received: zero or more.

    Returns None if the server does not say, says it in an invalid way, or forbids caching. The names of ``headers``
    must be lower-case.
    """
    # Of repeated directives, the first one counts.
    directives = dict(reversed(list(_directives(headers.get("cache-control", "")))))
    if "no-cache" in directives or "no-store" in directives:
        return None
    if "max-age" in directives:
        lifetime = parse_seconds(directives["max-age"])
    elif "expires" in headers:
        expires = http_date(headers["expires"])
        # An invalid date, especially "0", means that the response has already expired.
        lifetime = expires - response_date(headers, received) if expires else timedelta(0)
    else:
        return None
    if lifetime is None:
        return None
    age = parse_seconds(headers.get("age", "").partition(",")[0]) or timedelta(0)
    return max(timedelta(0), lifetime - age)


def http_date(text: str) -> datetime | None:
    """Parse a date in any of HTTP's three formats (RFC 9110 section 5.6.7). Returns None if the text is not a date."""
    if len(text) > 64:
        return None
    try:
        date = parsedate_to_datetime(text)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    try:
        return date.replace(tzinfo=UTC) if date.tzinfo is None else date.astimezone(UTC)
    except OverflowError:  # the UTC offset leads outside of the years 1 to 9999
        return None


def response_date(headers: Mapping[str, str], received: datetime) -> datetime:
    """When the server made the response: the Date header, or ``received`` if there is no valid one."""
    return http_date(headers.get("date", "")) or received


def parse_seconds(text: str) -> timedelta | None:
    """Parse a number of seconds. Returns None for other text.

    A fraction is dropped: it is not valid, but some servers send one.
    """
    whole = text.strip().partition(".")[0]
    return timedelta(seconds=min(int(whole), _MAX_SECONDS)) if _SECONDS.fullmatch(whole) else None


def _directives(header: str) -> Iterator[tuple[str, str]]:
    for match in _DIRECTIVE.finditer(header[:_MAX_HEADER]):
        yield match.group(1).lower(), match.group(2) or match.group(3) or ""
