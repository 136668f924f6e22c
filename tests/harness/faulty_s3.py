"""A proxy in front of the local S3 that injects faults, such as errors, resets and outdated listings."""

from __future__ import annotations

import http.client
import socket
import struct
import threading
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from email.message import Message
from enum import Enum
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from random import Random
from urllib.parse import urlsplit


class Fault(Enum):
    """What happens instead of the response of S3."""

    INTERNAL_ERROR = "500"
    SLOW_DOWN = "503"
    RESET_BEFORE = "the connection breaks before the request took effect"
    RESET_AFTER = "the connection breaks after the request took effect"
    CONFLICT = "409 to a conditional write"
    FALSE_412 = "412 to a conditional write whose condition is met"
    EXPIRED_TOKEN = "400: the token has expired"
    ACCESS_DENIED = "403: this user may not do that"
    STALE_LISTING = "the listing before the last one"


_ERRORS = {
    Fault.INTERNAL_ERROR: (500, "InternalError"),
    Fault.SLOW_DOWN: (503, "SlowDown"),
    Fault.CONFLICT: (409, "ConditionalRequestConflict"),
    Fault.FALSE_412: (412, "PreconditionFailed"),
    Fault.EXPIRED_TOKEN: (400, "ExpiredToken"),
    Fault.ACCESS_DENIED: (403, "AccessDenied"),
}
_CONDITIONAL = (Fault.CONFLICT, Fault.FALSE_412)


class FaultyS3:
    """Injects a random fault into a ``share`` of all requests. ``faults`` counts the injected faults."""

    def __init__(self, endpoint: str, seed: int, share: float) -> None:
        self.share, self.faults = share, Counter[Fault]()
        self._random, self._lock = Random(seed), threading.Lock()
        self._listings: dict[str, bytes] = {}
        target = urlsplit(endpoint)
        self._target = (target.hostname or "", target.port or 80)
        self.endpoint = ""

    def choose(self, method: str, path: str, headers: Message) -> Fault | None:
        """The fault for a request; None for most."""
        is_conditional = method == "PUT" and ("If-None-Match" in headers or "If-Match" in headers)
        possible = [each for each in Fault if is_conditional or each not in _CONDITIONAL]
        possible.remove(Fault.ACCESS_DENIED)  # a real S3 denies every retry, too
        if method != "GET" or "list-type=2" not in path:
            possible.remove(Fault.STALE_LISTING)
        with self._lock:
            if self._random.random() >= self.share:
                return None
            fault = self._random.choice(possible)
            self.faults[fault] += 1
            return fault

    def connect(self) -> http.client.HTTPConnection:
        return http.client.HTTPConnection(*self._target, timeout=60)

    def last_listing(self, path: str, data: bytes) -> bytes:
        """Remember a listing, and return the one before it."""
        with self._lock:
            before = self._listings.get(path, data)
            self._listings[path] = data
            return before


class RefusingS3(FaultyS3):
    """After ``writes`` writes, injects ``fault`` into the next ``times`` requests."""

    def __init__(self, endpoint: str, fault: Fault, writes: int, times: int = 10**9) -> None:
        super().__init__(endpoint, 0, 0.0)
        self._fault, self._writes, self._times = fault, writes, times

    def choose(self, method: str, path: str, headers: Message) -> Fault | None:
        with self._lock:
            if self._writes > 0:
                self._writes -= method == "PUT"
                return None
            if self._times == 0:
                return None
            self._times -= 1
            self.faults[self._fault] += 1
            return self._fault


def _handler(proxy: FaultyS3) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        disable_nagle_algorithm = True
        wbufsize = 1 << 16  # sends head and body in one packet, so that the body does not wait for an acknowledgment

        def setup(self) -> None:
            super().setup()
            self._forwards = proxy.connect()  # one connection to S3 for each connection of a client

        def _respond(self) -> None:
            if self.headers.get("Expect"):
                self.send_response_only(100)
                self.end_headers()
                self.wfile.flush()
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            fault = proxy.choose(self.command, self.path, self.headers)
            if fault in _ERRORS:
                status, code = _ERRORS[fault]
                text = f"<Error><Code>{code}</Code><Message>injected</Message></Error>".encode()
                self._send(status, [("Content-Type", "application/xml")], b"" if self.command == "HEAD" else text)
                return
            if fault is Fault.RESET_BEFORE:
                self._reset()
                return
            headers = {name: value for name, value in self.headers.items() if name.lower() != "expect"}
            status, sent, data = self._forward(headers, body)
            if fault is Fault.RESET_AFTER:
                self._reset()
                return
            if "list-type=2" in self.path and status == 200:
                before = proxy.last_listing(self.path, data)
                data = before if fault is Fault.STALE_LISTING else data
            self._send(status, sent, data)

        def _forward(self, headers: dict[str, str], body: bytes) -> tuple[int, list[tuple[str, str]], bytes]:
            try:
                self._forwards.request(self.command, self.path, body, headers)
                response = self._forwards.getresponse()
            except ConnectionError:  # the server has closed the connection because it was idle for long
                self._forwards.close()
                self._forwards.request(self.command, self.path, body, headers)
                response = self._forwards.getresponse()
            return response.status, response.getheaders(), response.read()

        def _send(self, status: int, headers: list[tuple[str, str]], data: bytes) -> None:
            self.send_response_only(status)
            length = str(len(data))
            for name, value in headers:
                if name.lower() == "content-length":
                    length = value if self.command == "HEAD" else length
                elif name.lower() not in ("transfer-encoding", "connection"):
                    self.send_header(name, value)
            self.send_header("Content-Length", length)
            self.end_headers()
            self.wfile.write(data)

        def _reset(self) -> None:
            self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            self.close_connection = True
            self.connection.close()

        do_GET = do_PUT = do_HEAD = do_DELETE = do_POST = _respond  # noqa: N815 - the names of http.server

        def log_message(self, *_: object) -> None:
            pass

        def finish(self) -> None:
            self._forwards.close()
            with suppress(OSError, ValueError):  # after a reset
                super().finish()

    return Handler


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 128

    def handle_error(self, request: object, client_address: object) -> None:
        """A client that has closed its connection is no error here."""


@contextmanager
def faulty_s3(endpoint: str, seed: int, share: float) -> Iterator[FaultyS3]:
    """Run a proxy for this endpoint on loopback."""
    with running(FaultyS3(endpoint, seed, share)) as proxy:
        yield proxy


@contextmanager
def running(proxy: FaultyS3) -> Iterator[FaultyS3]:
    """Run this proxy on loopback."""
    with _Server(("127.0.0.1", 0), _handler(proxy)) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        proxy.endpoint = f"http://127.0.0.1:{server.server_port}"
        try:
            yield proxy
        finally:
            server.shutdown()
