"""A time-stamp authority (RFC 3161) on loopback, made with openssl."""

from __future__ import annotations

import subprocess
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread

_CONFIG = """\
[req]
distinguished_name = name
prompt = no
x509_extensions = root
[name]
CN = Test authority
[root]
basicConstraints = critical, CA:true
keyUsage = critical, keyCertSign
[tsa_cert]
basicConstraints = critical, CA:false
keyUsage = critical, digitalSignature
extendedKeyUsage = critical, timeStamping
[tsa]
default_tsa = one
[one]
serial = {folder}/serial
crypto_device = builtin
signer_cert = {folder}/tsa.pem
signer_key = {folder}/tsa.key
signer_digest = sha256
default_policy = 1.2.3.4.1
digests = sha256
accuracy = secs:1
ess_cert_id_chain = no
ess_cert_id_alg = sha256
"""


def _openssl(*arguments: object) -> None:
    subprocess.run(["openssl", *map(str, arguments)], check=True, capture_output=True)


def make_authority(folder: Path) -> Path:
    """Make the keys and certificates of an authority. Return the path of the root certificate."""
    folder.mkdir()
    config, root, key = folder / "openssl.cnf", folder / "root.pem", folder / "root.key"
    config.write_text(_CONFIG.format(folder=folder))
    (folder / "serial").write_text("01\n")
    for name in ("root", "tsa"):
        _openssl("ecparam", "-name", "prime256v1", "-genkey", "-noout", "-out", folder / f"{name}.key")
    _openssl("req", "-x509", "-new", "-key", key, "-days", 3650, "-config", config, "-out", root)
    request = folder / "tsa.csr"
    _openssl("req", "-new", "-key", folder / "tsa.key", "-subj", "/CN=Test stamps", "-config", config, "-out", request)
    _openssl(
        "x509", "-req", "-in", request, "-CA", root, "-CAkey", key, "-set_serial", 2, "-days", 3650,
        "-extfile", config, "-extensions", "tsa_cert", "-out", folder / "tsa.pem",
    )  # fmt: skip
    return root


class Authority:
    """A running authority. It responds with ``answer`` if that is not empty, else with a time stamp.

    ``requests`` is the number of requests so far.
    """

    def __init__(self, folder: Path) -> None:
        self.folder, self.answer, self.status, self.requests = folder, b"", 200, 0
        self.url = ""

    def respond(self, query: bytes) -> bytes:
        self.requests += 1
        if self.answer:
            return self.answer
        asked, reply = self.folder / "query.tsq", self.folder / "reply.tsr"
        asked.write_bytes(query)
        _openssl("ts", "-reply", "-config", self.folder / "openssl.cnf", "-queryfile", asked, "-out", reply)
        return reply.read_bytes()


@contextmanager
def authority(folder: Path) -> Iterator[Authority]:
    """Run a new authority until the block ends."""
    make_authority(folder)
    running = Authority(folder)

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            data = running.respond(self.rfile.read(int(self.headers["Content-Length"])))
            self.send_response(running.status)
            self.send_header("Content-Type", "application/timestamp-reply")
            self.send_header("Content-Length", str(len(data)))
            self.end_headers()
            self.wfile.write(data)

        def log_message(self, format: str, *args: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    running.url = f"http://127.0.0.1:{server.server_port}/tsr"
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield running
    finally:
        server.shutdown()
        server.server_close()
