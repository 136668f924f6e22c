"""Ctrl-C on a terminal: confirmed at once, then the feeds being polled are finished; a second one ends at once."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.cli.command import MODULE, Workspace
from tests.cli.terminal import MAX_SECONDS, Terminal, terminal
from tests.harness.raw_server import Conversation, raw_server

CTRL_C = b"\x03"
HOSTS = 4
WITH_ONE_OR_MORE_PROCESSES = pytest.mark.parametrize("feeds", [4, 60], ids=["one process", "one process per core"])
SHOWS_CURSOR, HIDES_CURSOR = b"\x1b[?25h", b"\x1b[?25l"


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


class Silent:
    """Servers that read a request and send nothing until the test is over."""

    def __init__(self) -> None:
        self.requests, self.over = threading.Semaphore(0), threading.Event()

    def __call__(self, conversation: Conversation) -> None:
        conversation.read_request()
        self.requests.release()
        self.over.wait()

    def wait_for_requests(self) -> None:
        for _ in range(HOSTS):
            assert self.requests.acquire(timeout=MAX_SECONDS)


@pytest.fixture
def silent(workspace: Workspace, feeds: int) -> Iterator[Silent]:
    """``feeds`` feeds on HOSTS servers, as many at the same time as there are hosts."""
    silent = Silent()
    with ExitStack() as stack:
        hosts = [f"127.0.12.{n}" for n in range(1, HOSTS + 1)]
        servers = [stack.enter_context(raw_server(silent, host=host)) for host in hosts]
        places = [(server, host) for server, host in zip(servers, hosts, strict=True)]
        urls = [server.url(f"/{n}", host) for n in range(feeds // HOSTS) for server, host in places]
        workspace.write_feeds(*(f'url = "{url}"' for url in urls))
        yield silent
        silent.over.set()


def press_ctrl_c_after_requests(at: Terminal, silent: Silent) -> None:
    silent.wait_for_requests()
    at.press(CTRL_C)
    at.wait_for(b"press Ctrl-C again to stop now")


@WITH_ONE_OR_MORE_PROCESSES
def test_ctrl_c_is_confirmed_at_once_and_a_second_one_does_not_wait(
    workspace: Workspace, silent: Silent, feeds: int
) -> None:
    with terminal([*MODULE, "fetch"], workspace.folder) as at:
        press_ctrl_c_after_requests(at, silent)
        at.press(CTRL_C)
        assert at.status() == 130
    assert b"Traceback" not in at.screen
    assert at.screen.rindex(SHOWS_CURSOR) > at.screen.rindex(HIDES_CURSOR)


@WITH_ONE_OR_MORE_PROCESSES
def test_feeds_being_polled_are_finished_after_one_ctrl_c(workspace: Workspace, silent: Silent, feeds: int) -> None:
    with terminal([*MODULE, "fetch"], workspace.folder) as at:
        press_ctrl_c_after_requests(at, silent)
        silent.over.set()
        assert at.status() == 130
    assert b"Traceback" not in at.screen
    assert b"interrupted; what is archived stays archived, and the next run continues from there" in at.screen
    states = [json.loads(path.read_bytes())["feeds"] for path in workspace.archive.glob("state/**/*.json")]
    # At least one feed of each host, whose request was under way. Each of two processes may be terminated at the moment
    # when a response comes, and lose that one.
    assert sum(map(len, states)) >= (HOSTS if feeds == HOSTS else HOSTS - 2)
