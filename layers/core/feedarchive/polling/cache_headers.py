"""Compute how long a response stays fresh, from Cache-Control and Expires (RFC 9111 section 4.2). Pure functions.

While a response is fresh, a cache need not request the URL again. This program is a private cache, so it ignores
``s-maxage``, which is for shared caches.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

_SECONDS = re.compile(r"[0-9]{1,20}")
_DIRECTIVE = re.compile(r"""([^\s=,;"]+)\s*(?:=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,;"]*)))?""")
_MAX_SECONDS = 2**31  # RFC 9111 section 1.2.2: a larger number counts as 2**31
_MAX_PARSED_CHARS = 2000


def fresh_for(headers: Mapping[str, str], received: datetime) -> timedelta | None:
    """Return how long a response stays fresh after the time ``received``; zero if it is stale already.

    Returns None if the headers do not tell, if max-age is invalid, or if the server forbids caching. The names of
    ``headers`` must be lower-case.
    """
    # If a directive is repeated, its first value counts.
    directives = dict(reversed(list(_directives(headers.get("cache-control", "")))))
    if "no-cache" in directives or "no-store" in directives:
        return None
    if "max-age" in directives:
        lifetime = parse_seconds(directives["max-age"])
    elif "expires" in headers:
        expires = http_date(headers["expires"])
        # An invalid Expires, especially "0", means that the response has already expired.
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
    except OverflowError:  # in UTC, the year would be 0 or 10000
        return None


def response_date(headers: Mapping[str, str], received: datetime) -> datetime:
    """Return the time in the Date header of a response, or ``received`` if it has no valid Date header."""
    return http_date(headers.get("date", "")) or received


def parse_seconds(text: str) -> timedelta | None:
    """Parse a number of seconds. Returns None for any other text.

    Some servers send a fraction. It is ignored: "1.5" is one second.
    """
    whole = text.strip().partition(".")[0]
    return timedelta(seconds=min(int(whole), _MAX_SECONDS)) if _SECONDS.fullmatch(whole) else None


def _directives(header: str) -> Iterator[tuple[str, str]]:
    for match in _DIRECTIVE.finditer(header[:_MAX_PARSED_CHARS]):
        yield match.group(1).lower(), match.group(2) or match.group(3) or ""
