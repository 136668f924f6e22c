"""A server that has imported the program and forks for each request, so that no new process imports it again.

``python -m tests.cli.fork_server`` runs the server. It has one thread, so a fork of it is safe. A fork of the test
process, which has servers in threads, would not be. The server listens on a socket, because the forked commands
request their parser processes from it, too.
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
from importlib.resources import files
from pathlib import Path

import feedarchive.cli
from feedarchive.cli import arguments, main
from feedarchive.cli.default_archive import ARCHIVE_VARIABLE
from feedarchive.feeds.feed import Feed
from feedarchive.pages import html_templates
from feedarchive.parsing.convert_document import parse_and_convert
from feedarchive.parsing.model import ParseRequest
from feedarchive.polling.http_session import system_tls
from feedarchive.store import aws_client

_MAX_REQUEST = 1 << 20  # bytes
_MAX_FILES = 3

Main = Callable[..., int]
"""The main program of a fork: a function of a module, called with the arguments of the request and open files."""


class Forked:
    """A process that the server has forked. The server sends its pid at the start, and its exit status at the end."""

    def __init__(self, address: bytes, main: Main, arguments: tuple[object, ...], files: tuple[int, ...]) -> None:
        self._connection = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        self._connection.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MAX_REQUEST)
        self._connection.connect(address)
        socket.send_fds(self._connection, [pickle.dumps((main, arguments))], files)
        self.pid = int(self._connection.recv(16))
        self._status: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Wait for the end of the process, at most ``timeout`` seconds. Returns its exit status."""
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
    """Start the server and return its address. The server ends with this process, because its stdin is closed then."""
    own_end, its_end = socket.socketpair()
    with its_end:
        subprocess.Popen([sys.executable, "-m", "tests.cli.fork_server"], stdin=its_end.fileno())
    address = own_end.recv(64)
    own_end.detach()  # keep the socket open
    return address


def _serve() -> None:
    modules = [path.stem for path in Path(feedarchive.cli.__path__[0]).glob("[!_]*.py")]
    own = ("tests.cli.forked_command", "feedarchive.parsing.process", *(f"feedarchive.cli.{each}" for each in modules))
    for name in ("markdown_it", *own):
        import_module(name)
    _do_what_takes_longer_the_first_time()
    parent = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    listener = socket.socket(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    listener.bind("")  # the system chooses an address
    listener.listen(64)
    parent.send(listener.getsockname())
    gc.freeze()  # a fork ends in a tenth of the time if it need not collect all these modules
    waiting: dict[int, tuple[int, socket.socket]] = {}  # by pidfd: pid, and connection that waits for the exit status
    while parent.fileno() not in (ready := _readable(parent.fileno(), listener.fileno(), *waiting)):
        for ended in waiting.keys() & ready:
            pid, connection = waiting.pop(ended)
            os.close(ended)
            _, status = os.waitpid(pid, 0)
            _send(connection, os.waitstatus_to_exitcode(status))
            connection.close()
        if listener.fileno() in ready:
            connection, _ = listener.accept()
            request, descriptors, _, _ = socket.recv_fds(connection, _MAX_REQUEST, _MAX_FILES)
            pid = os.fork()
            if pid == 0:
                for each in (parent, listener, connection, *(others for _, others in waiting.values())):
                    each.close()
                for descriptor in waiting:
                    os.close(descriptor)
                main, arguments = pickle.loads(request)
                os._exit(_exit_status(main, *arguments, *descriptors))
            _send(connection, pid)
            waiting[os.pidfd_open(pid)] = pid, connection
            for descriptor in descriptors:
                os.close(descriptor)


def _readable(*descriptors: int) -> set[int]:
    """Wait until at least one descriptor can be read. A pidfd can be read when its process has ended."""
    return set(select.select(descriptors, [], [])[0])


def _send(connection: socket.socket, number: int) -> None:
    with suppress(OSError):  # the client closes the connection when its test fails
        connection.send(str(number).encode())


def _do_what_takes_longer_the_first_time() -> None:
    """Compile patterns and templates, load certificates and the S3 API, and make the parser of the command line.

    That is more than half of the time of a short command.
    """
    body = b"<rss version='2.0'><channel><item><title>One</title><pubDate>Thu, 25 Dec 2025 10:00:00 GMT</pubDate>"
    body += b"<description>&lt;p&gt;Text&lt;/p&gt;</description></item></channel></rss>"
    parse_and_convert(ParseRequest(body, "https://example.org/", "", Feed("https://example.org/", "example")))
    system_tls()
    for template in files("feedarchive.pages").joinpath("templates").iterdir():
        html_templates._environment().get_template(template.name)
    # Without explicit keys, the session would look up credentials and keep them for all forks.
    aws_client._session().create_client("s3", "eu-central-1", aws_access_key_id="-", aws_secret_access_key="-")
    os.environ.pop(ARCHIVE_VARIABLE, None)  # the parser would keep its value for all forks
    parser = arguments.parser()
    main.parser = lambda: parser  # type: ignore[attr-defined]


def _exit_status(main: Main, *arguments: object) -> int:
    """Run ``main`` and return its exit status, after the usual steps at the end of an interpreter.

    Objects are not freed, because freeing all of them would take most of the time of a short run.
    """
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
