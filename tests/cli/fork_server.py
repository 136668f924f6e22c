"""A process that has imported the program and forks for each request: processes of their own, without the imports.

``python -m tests.cli.fork_server`` is that process. It has one thread, so a fork of it is safe; a fork of the test
process, which has servers in threads, is not. It listens on a socket, because the commands that it has forked need it,
too, for their parser processes.
"""

from __future__ import annotations

import atexit
import gc
import os
import pickle
import select
import signal
import socket
import subprocess
import sys
import threading
import traceback
from collections.abc import Callable
from contextlib import suppress
from functools import cache
from importlib import import_module
from pathlib import Path

import feedarchive.cli
from feedarchive.feeds.feed import Feed
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParseRequest

_MAX_REQUEST = 1 << 20  # bytes
_MAX_FILES = 3

Main = Callable[..., int]
"""The main program of a fork: a function of a module, called with the arguments of the request and open files."""


class Forked:
    """A process that the server has forked. Its pid, and later its exit status, come over a connection."""

    def __init__(self, address: bytes, main: Main, arguments: tuple[object, ...], files: tuple[int, ...]) -> None:
        self._connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MAX_REQUEST)
        self._connection.connect(address)
        socket.send_fds(self._connection, [pickle.dumps((main, arguments))], files)
        self.pid = int(self._connection.recv(16))
        self._status: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for its end, at most so many seconds. Returns its exit status."""
        if self._status is None:
            with self._connection:
                self._connection.settimeout(timeout)
                self._status = int(self._connection.recv(16))
        return self._status

    def kill(self) -> None:
        if self._status is None:
            with suppress(ProcessLookupError):
                os.kill(self.pid, signal.SIGKILL)


@cache
def start() -> bytes:
    """Start the server. Returns its address. It ends when this process does, as its stdin is closed then."""
    own_end, its_end = socket.socketpair()
    with its_end:
        subprocess.Popen([sys.executable, "-m", "tests.cli.fork_server"], stdin=its_end.fileno())
    address = own_end.recv(64)
    own_end.detach()  # it stays open
    return address


def _serve() -> None:
    modules = [path.stem for path in Path(feedarchive.cli.__path__[0]).glob("[!_]*.py")]
    own = ("tests.cli.forked_command", "feedarchive.parsing.process", *(f"feedarchive.cli.{each}" for each in modules))
    for name in ("boto3", "markdown_it", *own):
        import_module(name)
    _parse_once()
    parent = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind("")  # the system chooses an address
    listener.listen(64)
    parent.send(listener.getsockname())
    gc.freeze()  # a fork ends in a tenth of the time if it need not collect all these modules
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nothing waits for the forks
    while parent not in select.select([parent, listener], [], [])[0]:
        connection, _ = listener.accept()
        if os.fork() == 0:
            parent.close()
            listener.close()
            _wait_for_fork(connection)
        connection.close()


def _parse_once() -> None:
    """The first document takes ten times as long as the next ones: patterns are compiled, and tables are made."""
    body = b"<rss version='2.0'><channel><item><title>One</title><pubDate>Thu, 25 Dec 2025 10:00:00 GMT</pubDate>"
    body += b"<description>&lt;p&gt;Text&lt;/p&gt;</description></item></channel></rss>"
    parse_and_convert(ParseRequest(body, "https://example.org/", "", Feed("https://example.org/", "example")))


def _wait_for_fork(connection: socket.socket) -> None:
    """Fork again, and report the pid and the exit status. The fork gets the open files of the request and no other."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    request, files, _, _ = socket.recv_fds(connection, _MAX_REQUEST, _MAX_FILES)
    child = os.fork()
    if child:
        connection.send(str(child).encode())
        for descriptor in files:
            os.close(descriptor)
        _, status = os.waitpid(child, 0)
        connection.send(str(os.waitstatus_to_exitcode(status)).encode())
        os._exit(0)
    connection.close()
    main, arguments = pickle.loads(request)
    os._exit(_exit_status(main, *arguments, *files))


def _exit_status(main: Main, *arguments: object) -> int:
    """Do what the interpreter does at the end, except that it frees all objects: that takes most of a short run."""
    status = 1
    try:
        status = main(*arguments)
    except SystemExit as end:
        status = end.code if isinstance(end.code, int) else 0 if end.code is None else 1
    except BaseException:  # noqa: BLE001 - as at the end of any process
        traceback.print_exc()
    threading._shutdown()  # type: ignore[attr-defined]
    atexit._run_exitfuncs()
    try:
        sys.stdout.flush()
    except OSError:
        return 120
    return status


if __name__ == "__main__":
    _serve()
