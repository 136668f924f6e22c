"""A server on loopback that sends exactly the bytes a test gives it, valid or not, and at the pace the test sets."""

from __future__ import annotations

import contextlib
import socket
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

Script = Callable[["Conversation"], None]


@dataclass
class RawServer:
    """A running server: its port, the heads of the requests it read, and the number of connections it accepted."""

    port: int
    requests: list[bytes] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str = "/feed", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


class Conversation:
    """One connection to a client. Scripts use it to read requests and to send bytes."""

    def __init__(self, connection: socket.socket, server: RawServer, closing: threading.Event) -> None:
        self._connection, self._server, self._closing = connection, server, closing

    def read_request(self) -> bytes:
        """Read the head of the next request; b"" when the client has closed the connection."""
        received = b""
        while b"\r\n\r\n" not in received:
            more = self._connection.recv(65536)
            if not more:
                return b""
            received += more
        self._server.requests.append(received)
        return received

    def send(self, data: bytes) -> None:
        self._connection.sendall(data)

    def send_slowly(self, data: bytes = b"x", every: float = 0.02) -> None:
        """Send the data over and over, one byte every ``every`` seconds, until the client closes the connection."""
        while not self._closing.is_set():
            for byte in data:
                self._connection.sendall(bytes((byte,)))
                if self._closing.wait(every):
                    return

    def send_endlessly(self, data: bytes) -> None:
        """Send the data over and over, as fast as possible, until the client closes the connection."""
        while not self._closing.is_set():
            self._connection.sendall(data)

    def wait_for_close(self) -> None:
        """Send nothing until the client closes the connection."""
        with contextlib.suppress(OSError):
            while self._connection.recv(65536):
                pass

    def reset(self) -> None:
        """Close the connection with a TCP reset. The client loses the bytes that it has not read yet."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self._connection.close()


@contextmanager
def raw_server(
    script: Script | bytes, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> Iterator[RawServer]:
    """Run ``script`` on each connection. Bytes are sent as the response to one request, then the connection closes."""
    closing = threading.Event()
    connections: list[socket.socket] = []
    threads: list[threading.Thread] = []
    listening = socket.create_server((host, 0), backlog=64)
    server = RawServer(listening.getsockname()[1])

    def send_bytes(conversation: Conversation) -> None:
        if isinstance(script, bytes) and conversation.read_request():
            conversation.send(script)

    def run_script(connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), connection:
            secured = tls.wrap_socket(connection, server_side=True) if tls else connection
            with secured:
                (send_bytes if isinstance(script, bytes) else script)(Conversation(secured, server, closing))

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            server.connections += 1
            connections.append(connection)
            threads.append(threading.Thread(target=run_script, args=(connection,), daemon=True))
            threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield server
    finally:
        closing.set()
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for connection in connections:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        accepting.join()
        for thread in threads:
            thread.join()


def http_response(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A complete HTTP response. ``content_type="x"`` is the header Content-Type.

    Content-Length is the length of the body unless given.
    """
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named = {"Content-Length": str(len(body)), **named}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + body
