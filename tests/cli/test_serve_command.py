"""``feedarchive serve``: the address it prints, and how it ends."""

from __future__ import annotations

import re
import signal
import socket
import subprocess
from contextlib import ExitStack

import pytest

from tests.cli.command import MODULE, Workspace


def test_it_prints_its_address_and_ends_with_ctrl_c(workspace: Workspace) -> None:
    """It prints nothing else, although more requests come at once than it has threads."""
    command = [*MODULE, "serve", "--port", "0"]
    with subprocess.Popen(
        command, cwd=workspace.folder, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    ) as process:
        assert process.stdout
        assert process.stderr
        line = process.stdout.readline()
        found = re.fullmatch(r"my-archive is at (http://127\.0\.0\.1:(\d+)/) until you press Ctrl-C\n", line)
        assert found, line
        process.send_signal(signal.SIGSTOP)
        with ExitStack() as opened:
            sockets = [opened.enter_context(socket.create_connection(("127.0.0.1", int(found[2])))) for _ in range(40)]
            for each in sockets:
                each.sendall(f"GET / HTTP/1.1\r\nHost: 127.0.0.1:{found[2]}\r\nConnection: close\r\n\r\n".encode())
            process.send_signal(signal.SIGCONT)
            assert all(b"<h1>Archive</h1>" in each.makefile("rb").read() for each in sockets)
        process.send_signal(signal.SIGINT)
        assert (process.wait(), process.stdout.read(), process.stderr.read()) == (0, "", "")


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["--archive", "nowhere"], 1, "is not an archive"),
        (["--port", "70000"], 2, "expected a port from 0 to 65535, got '70000'"),
        (["--host", "192.0.2.1"], 2, "cannot listen on 192.0.2.1, port 8000"),
    ],
)
def test_statuses_and_messages(workspace: Workspace, arguments: list[str], status: int, message: str) -> None:
    result = workspace.run("serve", *arguments)
    assert result.status == status
    assert message in result.stderr


def test_a_port_in_use_is_named(workspace: Workspace) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        result = workspace.run("serve", "--port", str(port))
    assert result.status == 2
    assert f"cannot listen on 127.0.0.1, port {port}: Address already in use" in result.stderr
