"""Run the command in a fork of a process that has imported it: a process of its own, without the time to import it.

``python -m tests.cli.forked_command`` is that process: it reads requests from the socket that is its stdin and forks
for each. It has one thread, so a fork of it is safe; a fork of the test process, which has servers in threads, is not.
"""

from __future__ import annotations

import gc
import os
import pickle
import signal
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from functools import cache
from importlib import import_module
from pathlib import Path
from typing import BinaryIO

import feedarchive.cli

# The interpreter reads these only when it starts.
START_VARIABLES = ("PYTHON", "LC_", "LANG")
_MAX_REQUEST = 1 << 20  # bytes


def run(arguments: Sequence[str], folder: Path, env: Mapping[str, str], timeout: float) -> tuple[int, str, str]:
    """Run ``feedarchive`` with these arguments in a folder: its exit status, stdout and stderr."""
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        connection, other_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with connection:
            with other_end:
                files = [other_end.fileno(), out.fileno(), err.fileno()]
                socket.send_fds(_server(), [pickle.dumps((arguments, str(folder), dict(env)))], files)
            connection.settimeout(timeout)
            status = int(connection.recv(16) or b"-1")
        return status, _text(out), _text(err)


def _text(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode()


@cache
def _server() -> socket.socket:
    """Start the process that forks. It ends when this process does, as its stdin is closed then."""
    own_end, its_end = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    own_end.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, _MAX_REQUEST)
    with its_end:
        subprocess.Popen([sys.executable, "-m", "tests.cli.forked_command"], stdin=its_end.fileno())
    return own_end


def _serve() -> None:
    modules = [path.stem for path in Path(feedarchive.cli.__path__[0]).glob("[!_]*.py")]
    for name in ("boto3", "tests", *(f"feedarchive.cli.{module}" for module in modules)):
        import_module(name)
    requests = socket.socket(fileno=os.dup(0))
    os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
    gc.freeze()  # a fork ends in a tenth of the time if it need not collect all these modules
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nothing waits for the forks
    while True:
        request, files, _, _ = socket.recv_fds(requests, _MAX_REQUEST, 3)
        if not request:
            return
        if os.fork() == 0:
            requests.close()
            _wait_for_command(*pickle.loads(request), *files)
        for descriptor in files:
            os.close(descriptor)


def _wait_for_command(
    arguments: Sequence[str], folder: str, env: dict[str, str], report: int, out: int, err: int
) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    child = os.fork()
    if child:
        _, status = os.waitpid(child, 0)
        os.write(report, str(os.waitstatus_to_exitcode(status)).encode())
        os._exit(0)
    os.dup2(out, 1)
    os.dup2(err, 2)
    for descriptor in (report, out, err):
        os.close(descriptor)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
    from feedarchive.cli.main import main

    sys.argv = ["feedarchive", *arguments]
    sys.exit(main())


if __name__ == "__main__":
    _serve()
