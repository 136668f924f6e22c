"""The web server of ``feedarchive serve``."""

from __future__ import annotations

import ipaddress
import secrets
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import waitress
from waitress.trigger import trigger

from feedarchive.serve.app import application
from feedarchive.serve.guard import TOKEN, Guard
from feedarchive.serve.served_archive import ServedArchive
from feedarchive.store.location import InvalidLocation

_THREADS = 8
_LOOPBACK_NAMES = ("localhost", "127.0.0.1", "[::1]")


@dataclass(frozen=True)
class RunningServer:
    """A server that accepts connections.

    - ``url``: the URL to open in a browser. If a token is needed, the URL contains it.
    - ``sockets``: the sockets that the server watches, by file descriptor.
    """

    url: str
    port: int
    server: waitress.server.BaseWSGIServer
    sockets: dict[int, Any]

    def run(self) -> None:
        """Answer requests until the user presses Ctrl-C, or another thread calls ``stop``."""
        self.server.run()

    def stop(self) -> None:
        """Make ``run`` return."""
        # The server ends when it has no sockets to watch.
        for each in list(self.sockets.values()):
            if isinstance(each, trigger):
                each.pull_trigger(self.sockets.clear)


@contextmanager
def listening(served: ServedArchive, host: str, port: int) -> Iterator[RunningServer]:
    """Start to accept connections. Raises InvalidLocation if that is not possible.

    - ``host``: the address to listen on. If it is a loopback address, only this machine can connect. Otherwise, other
      machines can connect too, and each request needs a token.
    - ``port``: the port to listen on; 0 to choose a free port.
    """
    token = "" if is_loopback(host) else secrets.token_urlsafe(24)
    guard: list[Guard] = []

    def guarded(environ: dict[str, object], start: object) -> object:
        return application(served, guard[0])(environ, start)  # type: ignore[arg-type]

    sockets: dict[int, Any] = {}
    try:
        server = waitress.create_server(guarded, map=sockets, host=host, port=port, threads=_THREADS, ident="")
    except (OSError, ValueError) as error:
        reason = getattr(error, "strerror", None) or error
        raise InvalidLocation(
            f"cannot listen on {host}, port {port}: {reason}; choose another --host or --port"
        ) from None
    found = server.effective_port if hasattr(server, "effective_port") else port
    written = f"[{host}]" if ":" in host else host
    names = {*_LOOPBACK_NAMES, written.lower(), *((socket.gethostname().lower(),) if token else ())}
    guard.append(Guard(frozenset(names), int(found), token))
    try:
        yield RunningServer(
            f"http://{written}:{found}/" + (f"?{TOKEN}={token}" if token else ""), int(found), server, sockets
        )
    finally:
        server.close()


def is_loopback(host: str) -> bool:
    """Check whether ``host`` is an address to which only this machine can connect."""
    if host == "localhost":
        return True
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False
