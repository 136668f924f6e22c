"""A real HTTP server on loopback whose answers a test sets, and which remembers what it was asked."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer


@dataclass(frozen=True)
class Answer:
    """What the server sends for a path. A body is sent as it is, whatever the headers claim."""

    body: bytes = b""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Asked:
    """A request as it came."""

    path: str
    headers: dict[str, str]
    at: datetime | None = None


Script = Callable[[Asked], Answer]
"""Decides an answer when it is asked for. It is sent as it is: a 304 is the script's own."""


class FeedServer:
    """Set ``answers[path]``; read ``asked``. ``url(path)`` is where a path is. With a ``clock`` it lives by it."""

    def __init__(self, host: str, port: int, clock: Callable[[], datetime] | None = None) -> None:
        self.host, self.port, self.clock = host, port, clock
        self.answers: dict[str, Answer | Script] = {}
        self.asked: list[Asked] = []

    def answer_to(self, path: str, headers: dict[str, str]) -> Answer:
        asked = Asked(path, headers, self.clock() if self.clock else None)
        self.asked.append(asked)
        answer = self.answers.get(path, Answer(b"nothing here", 404))
        if not isinstance(answer, Answer):
            return answer(asked)
        etag = answer.headers.get("ETag")
        return Answer(status=304, headers={"ETag": etag}) if etag and headers.get("If-None-Match") == etag else answer

    def url(self, path: str) -> str:
        return f"http://{self.host}:{self.port}{path}"

    def serve(self, path: str, body: bytes, content_type: str = "application/xml", **headers: str) -> str:
        """Answer a path with a document; the URL it is at."""
        self.answers[path] = Answer(body, headers={"Content-Type": content_type, **headers})
        return self.url(path)


@contextmanager
def feed_server(host: str = "127.0.0.1", clock: Callable[[], datetime] | None = None) -> Iterator[FeedServer]:
    """A server on a free port of a loopback address, for as long as the block lasts."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"

        def do_GET(self) -> None:
            answer = server.answer_to(self.path, dict(self.headers.items()))
            self.send_response_only(answer.status)
            headers = {"Date": self.date_time_string(), "Content-Length": str(len(answer.body)), **answer.headers}
            for name, value in headers.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(answer.body)
            if int(headers["Content-Length"]) != len(answer.body):
                self.close_connection = True

        def date_time_string(self, timestamp: float | None = None) -> str:
            now = server.clock().timestamp() if server.clock else timestamp
            return super().date_time_string(now)

        def log_message(self, *args: object) -> None:
            pass

    http = ThreadingHTTPServer((host, 0), Handler)
    http.daemon_threads = True
    server = FeedServer(host, http.server_address[1], clock)
    thread = threading.Thread(target=http.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        http.shutdown()
        http.server_close()
        thread.join()
