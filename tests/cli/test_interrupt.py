"""After Ctrl-C or SIGTERM, the run finishes the feeds being polled. A second Ctrl-C ends the run at once."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import pytest

from tests.cli.command import MODULE, Workspace
from tests.cli.terminal import MAX_SECONDS, Terminal, terminal
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer
from tests.harness.raw_server import Conversation, raw_server
from tests.harness.server_process import wait_for

CTRL_C = b"\x03"
HOSTS = 4
WITH_ONE_OR_MORE_PROCESSES = pytest.mark.parametrize("feeds", [4, 80], ids=["one process", "one process per core"])
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
    """Subscribe to ``feeds`` feeds on HOSTS silent servers. A run requests one feed of each server at a time."""
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
    with terminal([*MODULE, "fetch"], workspace.folder, own_parsers=True) as at:
        press_ctrl_c_after_requests(at, silent)
        at.press(CTRL_C)
        assert at.status() == 130
    assert b"Traceback" not in at.screen
    assert at.screen.rindex(SHOWS_CURSOR) > at.screen.rindex(HIDES_CURSOR)


@WITH_ONE_OR_MORE_PROCESSES
def test_feeds_being_polled_are_finished_after_one_ctrl_c(workspace: Workspace, silent: Silent, feeds: int) -> None:
    with terminal([*MODULE, "fetch"], workspace.folder, own_parsers=True) as at:
        press_ctrl_c_after_requests(at, silent)
        silent.over.set()
        assert at.status() == 130
    assert b"Traceback" not in at.screen
    assert b"interrupted; what is archived stays archived, and the next run continues from there" in at.screen
    states = [json.loads(path.read_bytes())["feeds"] for path in workspace.archive.glob("state/**/*.json")]
    # One feed of each host was being polled, and its state is saved. With several processes, two of them may each lose
    # one feed: a process may be terminated at the moment when a response comes.
    assert sum(map(len, states)) >= (HOSTS if feeds == HOSTS else HOSTS - 2)


# --- SIGTERM, as systemd and docker stop send it


@contextmanager
def background(workspace: Workspace) -> Iterator[subprocess.Popen[bytes]]:
    """A ``fetch`` without a terminal, in a process group of its own."""
    with subprocess.Popen(
        [*MODULE, "fetch"], cwd=workspace.folder, stderr=subprocess.PIPE, start_new_session=True
    ) as process:
        try:
            yield process
        finally:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)


def handles_sigterm(process: int) -> bool:
    """Check that a process has a handler for SIGTERM. Process 1 of a container gets no signal without a handler."""
    status = Path(f"/proc/{process}/status").read_text()
    (handled,) = [line.split()[1] for line in status.splitlines() if line.startswith("SigCgt")]
    return bool(int(handled, 16) >> (signal.SIGTERM - 1) & 1)


@WITH_ONE_OR_MORE_PROCESSES
@pytest.mark.parametrize("send", [os.kill, os.killpg], ids=["to the process", "to all processes"])
def test_feeds_being_polled_are_finished_after_sigterm(
    workspace: Workspace, silent: Silent, feeds: int, send: Callable[[int, int], None]
) -> None:
    with background(workspace) as process:
        silent.wait_for_requests()
        assert handles_sigterm(process.pid)
        send(process.pid, signal.SIGTERM)
        assert process.stderr is not None
        read_until(process.stderr, b"waiting up to a minute")
        silent.over.set()
        assert process.wait(MAX_SECONDS) == 143
        said = process.stderr.read()
    assert b"interrupted; what is archived stays archived, and the next run continues from there" in said
    assert b"Traceback" not in said
    states = [json.loads(path.read_bytes())["feeds"] for path in workspace.archive.glob("state/**/*.json")]
    assert sum(map(len, states)) >= (HOSTS if feeds == HOSTS else HOSTS - 2)


@pytest.mark.parametrize("feeds", [4])
def test_the_state_of_finished_feeds_is_saved_before_waiting_for_the_others(
    workspace: Workspace, silent: Silent, server: FeedServer
) -> None:
    """docker stop kills the process after 10 seconds, before the other feeds have timed out."""
    with (workspace.archive / "feeds.toml").open("a") as file:
        document = rss(Item("News")).replace(b"</channel>", b"</oops></channel>")  # a wrong end tag, which is logged
        file.write(f'\n[[feeds]]\nurl = "{server.serve("/good", document)}"\nid = "good"\n')
    with background(workspace) as process:
        assert process.stderr is not None
        read_until(process.stderr, b"good (The Example): damaged")
        silent.wait_for_requests()
        process.terminate()
        state = workspace.archive / "state" / "all.json"
        wait_for(process, lambda: state.stat() and None, "saving")
        process.kill()
    assert list(json.loads(state.read_bytes())["feeds"]) == ["good"]


def read_until(lines: Iterable[bytes], text: bytes) -> None:
    assert any(text in line for line in lines)
