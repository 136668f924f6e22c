"""Decide which requests are answered. Pure functions.

The Host header of a request must name this machine. If other machines can connect, a request must also have the token,
a secret in the URL that ``feedarchive serve`` prints.
"""

from __future__ import annotations

import hmac
import ipaddress
import re
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from feedarchive.serve.http import Request, Response

TOKEN = "token"  # noqa: S105 - the name of a parameter
_HOST = re.compile(r"(?P<name>\[[0-9a-fA-F:.]+\]|[^:\[\]]+)(?::(?P<port>\d{1,5}))?")


@dataclass(frozen=True)
class Guard:
    """Decides which requests are refused.

    - ``names``: the host names of this machine.
    - ``port``: the port of the web pages.
    - ``token``: the token that a request must have; "" if no token is needed.
    """

    names: frozenset[str]
    port: int
    token: str = ""

    def refusal(self, request: Request) -> Response | None:
        """Check a request. Returns None if it may be answered; otherwise the response that refuses or redirects it."""
        if request.method not in ("GET", "HEAD"):
            return _plain("405 Method Not Allowed", "These pages are read-only.", (("Allow", "GET, HEAD"),))
        if not self._is_own_host(request.host):
            # Otherwise, a web site whose host name points to this machine could read the archive (DNS rebinding).
            return _plain("421 Misdirected Request", "Open the address that feedarchive serve has printed.")
        if not self.token:
            return None
        given = request.query.get(TOKEN)
        if given is None:
            return None if self._matches(request.cookies.get(TOKEN, "")) else _needs_token()
        if not self._matches(given):
            return _needs_token()
        # Move the token from the URL to a cookie, so that the token does not appear in links, histories or screenshots.
        rest = urlencode({name: value for name, value in request.query.items() if name != TOKEN})
        place = quote("/" + request.path.lstrip("/\\")) + (f"?{rest}" if rest else "")
        cookie = f"{TOKEN}={self.token}; HttpOnly; SameSite=Strict; Path=/"
        return _plain("303 See Other", "", (("Location", place), ("Set-Cookie", cookie)))

    def _matches(self, given: str) -> bool:
        return hmac.compare_digest(given.encode("utf-8", "replace"), self.token.encode())

    def _is_own_host(self, host: str) -> bool:
        found = _HOST.fullmatch(host)
        if found is None or int(found["port"] or 80) != self.port:
            return False
        name = found["name"].lower()
        return name in self.names or (bool(self.token) and _is_address(name.strip("[]")))


def _is_address(name: str) -> bool:
    """Check whether a host is an IP address. Such a host is safe, because DNS rebinding needs a host name."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


def _needs_token() -> Response:
    return _plain("403 Forbidden", "Open the address that feedarchive serve has printed: it has a token.")


def _plain(status: str, text: str, headers: tuple[tuple[str, str], ...] = ()) -> Response:
    return Response(status, f"{text}\n".encode(), "text/plain; charset=utf-8", headers)
