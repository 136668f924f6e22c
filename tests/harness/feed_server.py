"""An HTTP server on loopback that sends the responses a test sets and records the requests it gets."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from socketserver import TCPServer


@dataclass(frozen=True)
class Response:
    """The response for a path. The body is sent unchanged, even if the headers contradict it."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class RecordedRequest:
    """A request as received; ``at`` is None on a server without a clock."""

    path: str
    headers: dict[str, str]
    at: datetime | None = None


Script = Callable[[RecordedRequest], Response]
"""Makes the response to a request. It must make 304 responses itself."""


class FeedServer:
    """Set ``responses[path]``, read ``requests``. Date headers come from ``clock`` if there is one.

    A path without a response is a 404. A fixed response with an ETag becomes a 304 when the request has that ETag.
    """

    def __init__(self, host: str, port: int, clock: Callable[[], datetime] | None = None) -> None:
        self.host, self.port, self.clock = host, port, clock
        self.responses: dict[str, Response | Script] = {}
        self.requests: list[RecordedRequest] = []

    def respond(self, path: str, headers: dict[str, str]) -> Response:
        request = RecordedRequest(path, headers, self.clock() if self.clock else None)
        self.requests.append(request)
        response = self.responses.get(path, Response(b"nothing here", 404))
        if not isinstance(response, Response):
            return response(request)
        etag = response.headers.get("ETag")
        if etag and headers.get("If-None-Match") == etag:
            return Response(status=304, headers={"ETag": etag})
        return response

    def url(self, path: str) -> str:
        return f"http://{self.host}:{self.port}{path}"

    def serve(self, path: str, body: bytes, content_type: str = "application/xml", **headers: str) -> str:
        """Serve a document at ``path``. Returns its URL."""
        self.responses[path] = Response(body, headers={"Content-Type": content_type, **headers})
        return self.url(path)


class _LoopbackServer(ThreadingHTTPServer):
    daemon_threads = True

    def server_bind(self) -> None:
        # HTTPServer.server_bind asks DNS for the name of the address. Without an answer, this takes 5 s.
        TCPServer.server_bind(self)


@contextmanager
def feed_server(host: str = "127.0.0.1", clock: Callable[[], datetime] | None = None) -> Iterator[FeedServer]:
    """Run a server on a free port of a loopback address."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            response = server.respond(self.path, dict(self.headers.items()))
            self.send_response_only(response.status)
            headers = {"Date": self.date_time_string(), "Content-Length": str(len(response.body)), **response.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(response.body)
            if int(headers["Content-Length"]) != len(response.body):
                self.close_connection = True

        def date_time_string(self, timestamp: float | None = None) -> str:
            now = server.clock().timestamp() if server.clock else timestamp
            return super().date_time_string(now)

        def log_message(self, *args: object) -> None:
            pass

    http = _LoopbackServer((host, 0), Handler)
    server = FeedServer(host, http.server_address[1], clock)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
