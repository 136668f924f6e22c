"""Ctrl-C on a terminal: heard at once, waited for, and at the second time not waited for."""

from __future__ import annotations

import fcntl
import json
import os
import pty
import subprocess
import termios
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

import pytest
from command import MODULE, Desk

from raw_server import Conversation, raw_server

CTRL_C = b"\x03"
HOSTS = 4
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


class Terminal:
    """A command on a terminal of its own, whose keys reach it and all processes it starts."""

    def __init__(self, process: subprocess.Popen[bytes], keyboard: int) -> None:
        self._process, self._keyboard, self.shown = process, keyboard, b""

    def press(self, key: bytes) -> None:
        os.write(self._keyboard, key)

    def until(self, words: bytes) -> None:
        while words not in self.shown:
            self.shown += os.read(self._keyboard, 65536)

    def status(self) -> int:
        """The exit status, once it and all that it started have left the terminal."""
        try:
            while chunk := os.read(self._keyboard, 65536):
                self.shown += chunk
        except OSError:  # Linux says so when nobody has the other side any more
            pass
        return self._process.wait(60)


@contextmanager
def terminal(desk: Desk, *arguments: str) -> Iterator[Terminal]:
    keyboard, screen = pty.openpty()

    def own_the_terminal() -> None:
        os.setsid()
        fcntl.ioctl(screen, termios.TIOCSCTTY, 0)

    process = subprocess.Popen(
        [*MODULE, *arguments], cwd=desk.folder, stdin=screen, stdout=screen, stderr=screen,
        preexec_fn=own_the_terminal,  # noqa: PLW1509 - the threads are of servers, and hold no lock of Python's own
        env={**os.environ, "TERM": "xterm-256color"}, pass_fds=(screen,),
    )  # fmt: skip
    os.close(screen)
    try:
        yield Terminal(process, keyboard)
    finally:
        process.kill()
        process.wait()
        os.close(keyboard)


@pytest.mark.parametrize("feeds", [4, 60], ids=["one process", "a process for each core"])
def test_ctrl_c_is_heard_at_once_and_a_second_one_does_not_wait(desk: Desk, silent: Silent, feeds: int) -> None:
    with terminal(desk, "fetch") as at:
        silent.wait_until_all_are_asked()
        at.press(CTRL_C)
        at.until(b"Ctrl-C again does not wait")
        at.press(CTRL_C)
        assert at.status() == 130
    assert b"Traceback" not in at.shown
    assert at.shown.rindex(SHOWS_CURSOR) > at.shown.rindex(HIDES_CURSOR)


@pytest.mark.parametrize("feeds", [4, 60], ids=["one process", "a process for each core"])
def test_what_was_begun_is_finished_after_one_ctrl_c(desk: Desk, silent: Silent, feeds: int) -> None:
    with terminal(desk, "fetch") as at:
        silent.wait_until_all_are_asked()
        at.press(CTRL_C)
        at.until(b"Ctrl-C again does not wait")
        silent.over.set()
        assert at.status() == 130
    assert b"Traceback" not in at.shown
    assert b"interrupted; what was archived is archived, and the next run goes on from there" in at.shown
    states = [json.loads(path.read_bytes())["feeds"] for path in desk.archive.glob("state/**/*.json")]
    # Of each host at least one feed: it was being asked. Each of two processes may be told to end at the very moment
    # when an answer comes, and forget that one.
    assert sum(map(len, states)) >= (HOSTS if feeds == HOSTS else HOSTS - 2)
