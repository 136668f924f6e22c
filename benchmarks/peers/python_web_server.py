"""A small web server for machines without nginx: python python_web_server.py FOLDER PORT LOG."""

from __future__ import annotations

import os
import sys
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import IO


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    folder: Path
    log: IO[str]

    def do_GET(self) -> None:
        if self.path == "/flush":
            self._respond(204, b"")
            return
        path = self.folder / self.path.rpartition("/")[2]
        try:
            data, changed = path.read_bytes(), path.stat().st_mtime
        except OSError:
            self._respond(404, b"nothing here")
            return
        etag, modified = f'"{int(changed):x}-{len(data):x}"', self.date_time_string(changed)
        same = etag == self.headers.get("If-None-Match") or modified == self.headers.get("If-Modified-Since")
        self._respond(304 if same else 200, b"" if same else data, etag, modified)

    def _respond(self, status: int, body: bytes, etag: str = "", modified: str = "") -> None:
        self.send_response(status)
        if etag:
            self.send_header("ETag", etag)
            self.send_header("Last-Modified", modified)
        if status != 304:
            self.send_header("Content-Type", "application/xml")
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        if self.path != "/flush":
            os.write(self.log.fileno(), f"{int(code)}\n".encode())


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 1024

    def verify_request(self, request: object, client_address: object) -> bool:
        return str(client_address).startswith("('127.")


def main(folder: str, port: str, log: str) -> None:
    """Serve until terminated."""
    _Handler.folder = Path(folder)
    with Path(log).open("a") as opened:
        _Handler.log = opened
        _Server(("", int(port)), _Handler).serve_forever()


if __name__ == "__main__":
    main(*sys.argv[1:4])
