"""Serve a folder on every loopback address, with ETag and Last-Modified, by nginx or a small Python server."""

from __future__ import annotations

import shutil
import socket
import subprocess
import sys
import urllib.request
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from tests.harness.server_process import free_port, wait_for

_PYTHON_SERVER = Path(__file__).with_name("python_web_server.py")
# The configuration of nginx. It listens on one socket for all addresses, and refuses clients outside 127.0.0.0/8.
_NGINX = """daemon off;
worker_processes 1;
pid {folder}/nginx.pid;
error_log {folder}/error.log;
{user}
worker_rlimit_nofile 8192;
events {{ worker_connections 4096; }}
http {{
    log_format status "$status";
    access_log {folder}/access.log status;
    default_type application/xml;
    etag on;
    sendfile on;
    client_body_temp_path {folder}/body; proxy_temp_path {folder}/proxy; fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi; scgi_temp_path {folder}/scgi;
    server {{
        listen {port};
        allow 127.0.0.0/8;
        deny all;
        root {root}/now;
        location = /flush {{ access_log off; return 204; }}
    }}
}}
"""


@dataclass
class Server:
    """A running server. ``requests()`` returns the number of requests by status since the previous call."""

    name: str
    port: int
    log: Path
    _read: int = 0

    def requests(self) -> Counter[str]:
        # nginx logs a request when the request is complete. When nginx has responded to this request, all earlier
        # requests are complete and in the log.
        urllib.request.urlopen(f"http://127.0.0.1:{self.port}/flush", timeout=10).close()
        with self.log.open() as log:
            log.seek(self._read)
            lines = log.read()
            self._read = log.tell()
        return Counter(lines.split())


@contextmanager
def serving(root: Path, folder: Path) -> Iterator[Server]:
    """Serve the folder ``now`` in ``root``. The server's own files, such as its log, are in ``folder``."""
    folder.mkdir()
    port = free_port()
    log = folder / "access.log"
    log.touch()
    nginx = shutil.which("nginx", path="/usr/sbin:/usr/bin:/usr/local/bin")
    if nginx:
        user = "user root;" if Path("/proc/self").owner() == "root" else ""
        (folder / "nginx.conf").write_text(_NGINX.format(folder=folder, root=root, port=port, user=user))
        command = [nginx, "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log")]
        version = subprocess.run([nginx, "-v"], capture_output=True, text=True, check=True)
        name = version.stderr.strip().removeprefix("nginx version: ")
    else:
        command = [sys.executable, str(_PYTHON_SERVER), str(root / "now"), str(port), str(log)]
        name = "Python's http.server (nginx is not installed)"
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        wait_for(process, lambda: socket.create_connection(("127.0.0.1", port)).close(), "the feeds' server")
        yield Server(name, port, log)
    finally:
        process.terminate()
        process.wait(300)
