"""Run ``feedarchive`` and its parser processes as forks of a server that has imported them: fork_server.py."""

from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import tempfile
import termios
import time
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import BinaryIO

from feedarchive.cli.default_archive import ARCHIVE_VARIABLE
from tests.cli import fork_server

MODULE = (sys.executable, "-m", "feedarchive")
# Changes of these variables have no effect in a fork: Python and the server of forks have read them at their start.
START_VARIABLES = ("PYTHON", "LC_", "LANG", "SSL_CERT_")


def run(arguments: Sequence[str], folder: Path, env: Mapping[str, str], timeout: float) -> tuple[int, str, str]:
    """Run ``feedarchive`` with these arguments in a folder. Return its exit status, stdout and stderr."""
    address = fork_server.start()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        request = (address, list(arguments), str(folder), dict(env))
        command = fork_server.Forked(address, _command, request, (out.fileno(), err.fileno()))
        status = command.wait(timeout)
        return status, _text(out), _text(err)


def _text(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode()


def start_on_terminal(
    command: Sequence[str], folder: Path, env: Mapping[str, str], screen: int, own_parsers: bool
) -> fork_server.Forked:
    """Start a program on the terminal with the file descriptor ``screen``.

    With ``own_parsers``, ``feedarchive`` starts its parser processes itself, so that Ctrl-C on the terminal reaches
    them, too. Otherwise they are forks.
    """
    address = fork_server.start()
    request = (None if own_parsers else address, list(command), str(folder), dict(env))
    return fork_server.Forked(address, _program_on_terminal, request, (screen,))


def _command(address: bytes, arguments: list[str], folder: str, env: dict[str, str], out: int, err: int) -> int:
    """The main program of a forked command."""
    _become(folder, env, out, err)
    for descriptor in (out, err):
        os.close(descriptor)
    _fork_parsers(address)
    return _main(arguments)


def _program_on_terminal(
    address: bytes | None, command: list[str], folder: str, env: dict[str, str], screen: int
) -> int:
    """The main program of a fork with a terminal."""
    os.setsid()
    fcntl.ioctl(screen, termios.TIOCSCTTY, 0)
    os.dup2(screen, 0)
    _become(folder, env, screen, screen)
    os.close(screen)
    if tuple(command[: len(MODULE)]) != MODULE:
        os.execvp(command[0], command)
    # The inherited streams are not line-buffered, because the server does not write to a terminal.
    sys.stdin = os.fdopen(0, closefd=False)
    sys.stdout = os.fdopen(1, "w", buffering=1, closefd=False)
    sys.stderr = os.fdopen(2, "w", buffering=1, closefd=False)
    if address:
        _fork_parsers(address)
    return _main(command[len(MODULE) :])


def _fork_parsers(address: bytes) -> None:
    from feedarchive.parsing import parser_process

    parser_process.start_process = partial(_ForkedParser, address)


def _main(arguments: list[str]) -> int:
    from feedarchive.cli import arguments as options
    from feedarchive.cli import main

    if ARCHIVE_VARIABLE in os.environ:
        main.parser = options.parser  # type: ignore[attr-defined]
    sys.argv = ["feedarchive", *arguments]
    return main.main()


class _ForkedParser(subprocess.Popen[bytes]):
    """A parser process that is a fork. It replaces the result of ``parser_process.start_process``."""

    def __init__(self, address: bytes, descriptors: tuple[int, int], env: Mapping[str, str]) -> None:
        self._fork = fork_server.Forked(address, _parser, (str(Path.cwd()), dict(env)), descriptors)
        self.pid = self._fork.pid

    def kill(self) -> None:
        self._fork.kill()

    def wait(self, timeout: float | None = None) -> int:
        return self._fork.wait(timeout)


def _parser(folder: str, env: dict[str, str], connection: int, progress: int) -> int:
    """The main program of a forked parser process."""
    from feedarchive.parsing.process import main

    nowhere = os.open(os.devnull, os.O_WRONLY)
    _become(folder, env, nowhere, nowhere)
    main([str(connection), str(progress)])
    return 0


def _become(folder: str, env: dict[str, str], out: int, err: int) -> None:
    os.dup2(out, 1)
    os.dup2(err, 2)
    os.chdir(folder)
    os.environ.clear()
    os.environ.update(env)
    time.tzset()
