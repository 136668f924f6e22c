"""A server on loopback that sends the bytes a test gives it, however wrong they are, and as slowly as it says."""

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
    """Where it listens, the requests it read, as they came, and how many connections it took."""

    port: int
    asked: list[bytes] = field(default_factory=list)
    connections: int = 0

    def url(self, path: str = "/feed", host: str = "127.0.0.1", scheme: str = "http") -> str:
        return f"{scheme}://{host}:{self.port}{path}"


class Conversation:
    """One connection, as a script sees it."""

    def __init__(self, connection: socket.socket, server: RawServer, over: threading.Event) -> None:
        self._connection, self._server, self._over = connection, server, over

    def hear(self) -> bytes:
        """The next request's head; b"" when the client is gone."""
        heard = b""
        while b"\r\n\r\n" not in heard:
            more = self._connection.recv(65536)
            if not more:
                return b""
            heard += more
        self._server.asked.append(heard)
        return heard

    def say(self, data: bytes) -> None:
        self._connection.sendall(data)

    def drip(self, data: bytes = b"x", every: float = 0.02) -> None:
        """Byte for byte, and again from the start, until the client hangs up."""
        while not self._over.is_set():
            for byte in data:
                self._connection.sendall(bytes((byte,)))
                if self._over.wait(every):
                    return

    def pour(self, data: bytes) -> None:
        """As fast as it goes, until the client hangs up."""
        while not self._over.is_set():
            self._connection.sendall(data)

    def wait(self) -> None:
        """Say nothing until the client hangs up."""
        with contextlib.suppress(OSError):
            while self._connection.recv(65536):
                pass

    def reset(self) -> None:
        """Hang up so that what was not read yet is lost on the way."""
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\x00\x00\x00\x00\x00\x00\x00")
        self._connection.close()


@contextmanager
def raw_server(
    script: Script | bytes, tls: ssl.SSLContext | None = None, host: str = "127.0.0.1"
) -> Iterator[RawServer]:
    """Runs a script on each connection: a function, or bytes to answer every request with before hanging up."""
    over = threading.Event()
    open_now: list[socket.socket] = []
    threads: list[threading.Thread] = []
    listening = socket.create_server((host, 0), backlog=64)
    server = RawServer(listening.getsockname()[1])

    def answer_with_bytes(conversation: Conversation) -> None:
        if isinstance(script, bytes) and conversation.hear():
            conversation.say(script)

    def converse(connection: socket.socket) -> None:
        with contextlib.suppress(OSError, ValueError), connection:
            secured = tls.wrap_socket(connection, server_side=True) if tls else connection
            with secured:
                (answer_with_bytes if isinstance(script, bytes) else script)(Conversation(secured, server, over))

    def accept() -> None:
        while True:
            try:
                connection, _ = listening.accept()
            except OSError:
                return
            server.connections += 1
            open_now.append(connection)
            threads.append(threading.Thread(target=converse, args=(connection,), daemon=True))
            threads[-1].start()

    accepting = threading.Thread(target=accept, daemon=True)
    accepting.start()
    try:
        yield server
    finally:
        over.set()
        with contextlib.suppress(OSError):
            listening.shutdown(socket.SHUT_RDWR)
        listening.close()
        for connection in open_now:
            with contextlib.suppress(OSError):
                connection.shutdown(socket.SHUT_RDWR)
        accepting.join()
        for thread in threads:
            thread.join()


def http_answer(body: bytes = b"", status: str = "200 OK", **headers: str) -> bytes:
    """A whole answer. ``content_type="x"`` is a header Content-Type; Content-Length is the body's unless given."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    named = {"Content-Length": str(len(body)), **named}
    lines = "".join(f"{name}: {value}\r\n" for name, value in named.items())
    return f"HTTP/1.1 {status}\r\n{lines}\r\n".encode("latin-1") + body
