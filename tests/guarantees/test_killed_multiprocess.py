"""A run in several processes that is interrupted or killed: none of its processes goes on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest

from feedarchive.concurrency import cpu_count
from tests.harness.feed_documents import news
from tests.harness.feed_server import FeedServer, RecordedRequest, Response, feed_server


@pytest.mark.parametrize(
    ("number", "to_all", "status"),
    [(signal.SIGINT, True, 130), (signal.SIGINT, False, 130), (signal.SIGTERM, False, 143)],
    ids=["Ctrl-C, to all processes", "SIGINT to the parent", "SIGTERM to the parent"],
)
def test_an_interrupted_run_ends_with_all_its_processes(
    tmp_path: Path, number: signal.Signals, to_all: bool, status: int
) -> None:
    """If one process or all processes get the signal, one line is written and no process is left."""
    with _waiting_run(tmp_path, subprocess.PIPE) as (process, _, proceed):
        assert len(_session(process.pid)) == (3 if cpu_count() > 1 else 1)
        (os.killpg if to_all else os.kill)(process.pid, number)
        proceed.set()
        _, errors = process.communicate(timeout=180)
    assert process.returncode == status
    assert errors.splitlines()[-1].startswith("feedarchive: interrupted")
    assert "Traceback" not in errors
    assert _session(process.pid) == []


def test_a_run_whose_parent_is_killed_makes_no_more_requests(tmp_path: Path) -> None:
    with _waiting_run(tmp_path, subprocess.DEVNULL) as (process, servers, proceed):
        process.kill()
        process.wait(180)
        waited = threading.Event()
        waited.wait(0.1)  # time for the signal that the other processes get when their parent has ended
        proceed.set()
        for _ in range(3000):
            if not _session(process.pid):
                break
            waited.wait(0.1)
        assert _session(process.pid) == []
        assert sum(len(server.requests) for server in servers) <= 2 * len(servers)


@contextmanager
def _waiting_run(
    folder: Path, stderr: int
) -> Iterator[tuple[subprocess.Popen[str], list[FeedServer], threading.Event]]:
    """A run with two shards. Every host has received a request, and responds when the event is set."""
    requested, proceed = threading.Semaphore(0), threading.Event()

    def slow(_: RecordedRequest) -> Response:
        requested.release()
        proceed.wait(180)
        return Response(news(1))

    with ExitStack() as stack:
        servers = [stack.enter_context(feed_server(f"127.0.9.{number}")) for number in range(1, 13)]
        urls = _feeds_of(servers, slow)
        head = "[fetch]\nallow_private_addresses = true\n"
        (folder / "feeds.toml").write_text(head + "".join(f"[[feeds]]\nurl = {json.dumps(url)}\n" for url in urls))
        command = [sys.executable, "-m", "feedarchive", "fetch", "--feeds", "feeds.toml"]
        process = subprocess.Popen(command, cwd=folder, start_new_session=True, stderr=stderr, text=True)
        for _ in servers:
            assert requested.acquire(timeout=180)
        yield process, servers, proceed


def _feeds_of(servers: Sequence[FeedServer], response: object) -> list[str]:
    """Serve seven feeds on each of the twelve hosts. Return their URLs: 84 feeds make two shards."""
    for server in servers:
        server.responses = {f"/{n}": response for n in range(7)}  # type: ignore[misc]
    return [server.url(f"/{n}") for server in servers for n in range(7)]


def _session(leader: int) -> list[int]:
    """The processes of a session that still exist."""
    found = []
    for stat in Path("/proc").glob("[0-9]*/stat"):
        try:
            state, _, _, session = stat.read_text().rpartition(")")[2].split()[:4]
        except (FileNotFoundError, ProcessLookupError):
            continue
        if int(session) == leader and state != "Z":
            found.append(int(stat.parent.name))
    return found
