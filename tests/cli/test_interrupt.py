"""Ctrl-C on a terminal: heard at once, waited for, and at the second time not waited for."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from command import MODULE, Desk
from terminal import Terminal, terminal

from raw_server import Conversation, raw_server

CTRL_C = b"\x03"
HOSTS = 4
IN_EITHER_WAY = pytest.mark.parametrize("feeds", [4, 60], ids=["one process", "a process for each core"])
SHOWS_CURSOR, HIDES_CURSOR = b"\x1b[?25h", b"\x1b[?25l"


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


class Silent:
    """Servers that hear a request, and say nothing until they are told to hang up."""

    def __init__(self) -> None:
        self.asked, self.over = threading.Semaphore(0), threading.Event()

    def __call__(self, conversation: Conversation) -> None:
        conversation.hear()
        self.asked.release()
        self.over.wait()

    def wait_until_all_are_asked(self) -> None:
        for _ in range(HOSTS):
            self.asked.acquire()


@pytest.fixture
def silent(desk: Desk, feeds: int) -> Iterator[Silent]:
    """So many feeds of the archive, on as many of them as there are hosts."""
    silent = Silent()
    with ExitStack() as stack:
        hosts = [f"127.0.12.{n}" for n in range(1, HOSTS + 1)]
        servers = [stack.enter_context(raw_server(silent, host=host)) for host in hosts]
        places = [(server, host) for server, host in zip(servers, hosts, strict=True)]
        urls = [server.url(f"/{n}", host) for n in range(feeds // HOSTS) for server, host in places]
        desk.write_feeds(*(f'url = "{url}"' for url in urls))
        yield silent
        silent.over.set()


def press_ctrl_c_when_all_are_asked(at: Terminal, silent: Silent) -> None:
    silent.wait_until_all_are_asked()
    at.press(CTRL_C)
    at.until(b"Ctrl-C again does not wait")


@IN_EITHER_WAY
def test_ctrl_c_is_heard_at_once_and_a_second_one_does_not_wait(desk: Desk, silent: Silent, feeds: int) -> None:
    with terminal([*MODULE, "fetch"], desk.folder) as at:
        press_ctrl_c_when_all_are_asked(at, silent)
        at.press(CTRL_C)
        assert at.status() == 130
    assert b"Traceback" not in at.shown
    assert at.shown.rindex(SHOWS_CURSOR) > at.shown.rindex(HIDES_CURSOR)


@IN_EITHER_WAY
def test_what_was_begun_is_finished_after_one_ctrl_c(desk: Desk, silent: Silent, feeds: int) -> None:
    with terminal([*MODULE, "fetch"], desk.folder) as at:
        press_ctrl_c_when_all_are_asked(at, silent)
        silent.over.set()
        assert at.status() == 130
    assert b"Traceback" not in at.shown
    assert b"interrupted; what was archived is archived, and the next run goes on from there" in at.shown
    states = [json.loads(path.read_bytes())["feeds"] for path in desk.archive.glob("state/**/*.json")]
    # Of each host at least one feed: it was being asked. Each of two processes may be told to end at the very moment
    # when an answer comes, and forget that one.
    assert sum(map(len, states)) >= (HOSTS if feeds == HOSTS else HOSTS - 2)
