"""Run the command, and its parser processes, in forks of a process that has imported them: tests/cli/fork_server.py."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import partial
from pathlib import Path
from typing import BinaryIO

from tests.cli import fork_server

# The interpreter reads these only when it starts.
START_VARIABLES = ("PYTHON", "LC_", "LANG")


def run(arguments: Sequence[str], folder: Path, env: Mapping[str, str], timeout: float) -> tuple[int, str, str]:
    """Run ``feedarchive`` with these arguments in a folder: its exit status, stdout and stderr."""
    address = fork_server.start()
    with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as err:
        request = (address, list(arguments), str(folder), dict(env))
        command = fork_server.Forked(address, _command, request, (out.fileno(), err.fileno()))
        status = command.wait(timeout)
        return status, _text(out), _text(err)


def _text(file: BinaryIO) -> str:
    file.seek(0)
    return file.read().decode()


def _command(address: bytes, arguments: list[str], folder: str, env: dict[str, str], out: int, err: int) -> int:
    """The main program of a forked command."""
    _become(folder, env, out, err)
    for descriptor in (out, err):
        os.close(descriptor)
    from feedarchive.cli.main import main
    from feedarchive.parsing import parser_process

    parser_process.start_process = partial(_ForkedParser, address)
    sys.argv = ["feedarchive", *arguments]
    return main()


class _ForkedParser(subprocess.Popen[bytes]):
    """A parser process as ``parser_process.start_process`` makes it, but a fork."""

    def __init__(self, address: bytes, descriptors: tuple[int, int], env: Mapping[str, str]) -> None:
        self._fork = fork_server.Forked(address, _parser, (str(Path.cwd()), dict(env)), descriptors)
        self.pid = self._fork.pid

    def kill(self) -> None:
        with suppress(ProcessLookupError):
            os.kill(self.pid, signal.SIGKILL)

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
