"""The output for people: a table on a terminal, plain lines in a log."""

from __future__ import annotations

import re
import socket
import threading
from pathlib import Path

import pytest

from tests.cli.command import Workspace
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer

ITEMS = (Item("One", "https://example.org/one"), Item("Two", "https://example.org/two"))
LOG_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (INFO|WARNING) \S.*")


@pytest.fixture
def workspace(tmp_path: Path, server: FeedServer) -> Workspace:
    workspace = Workspace(tmp_path)
    good, missing = server.serve("/good", rss(*ITEMS)), server.url("/missing")
    workspace.write_feeds(f'id = "good"\nurl = "{good}"', f'id = "missing"\nurl = "{missing}"')
    return workspace


def test_a_terminal_shows_a_bar_and_then_a_table(workspace: Workspace) -> None:
    status, screen = workspace.run_on_terminal("fetch")
    assert status == 0
    assert "Created a new archive in my-archive with 2 feeds." in screen
    assert "polling" in screen
    assert "2/2" in screen
    lines = screen.rpartition("polling")[2].splitlines()
    table = [re.split(r"\s{2,}", line.strip()) for line in lines]
    start = table.index(["feed", "outcome", "new", "known", "problem"])
    assert table[start + 1 : start + 4] == [
        ["The Example", "polled", "2", "0"],
        ["missing", "failed", "0", "0", "HTTP 404 Not Found"],
        ["2 of 2 feeds polled, 1 failed, 2 new"],
    ]


def test_a_terminal_says_when_nothing_is_due(workspace: Workspace) -> None:
    workspace.run("fetch")
    status, screen = workspace.run_on_terminal("fetch")
    assert status == 0
    assert screen.splitlines()[-1] == "no feed is due yet (--all polls every feed)"
    assert "outcome" not in screen


def test_status_prints_problems_below_the_table_on_a_narrow_terminal(workspace: Workspace) -> None:
    workspace.run("fetch")
    words = "HTTP 404 Not Found (since "
    _, wide = workspace.run_on_terminal("status", columns=160)
    assert any(line.startswith("missing") and words in line for line in wide.splitlines())
    _, narrow = workspace.run_on_terminal("status", columns=80)
    assert any(line.startswith(f"missing: {words}") for line in narrow.splitlines())
    assert max(map(len, narrow.splitlines())) <= 80


def test_json_on_a_terminal_is_json(workspace: Workspace) -> None:
    status, screen = workspace.run_on_terminal("fetch", "--json")
    assert status == 0
    assert screen.splitlines()[-1].startswith('{"feeds": 2, "polled": 2,')
    assert "outcome" not in screen
    assert "━" not in screen


def test_a_wrong_feeds_file_on_a_terminal_is_one_line(workspace: Workspace) -> None:
    workspace.write_feeds('url = "no address"')
    status, screen = workspace.run_on_terminal("fetch")
    assert status == 2
    assert screen.startswith("feedarchive: my-archive/feeds.toml: feed number 1: url: expected ")
    assert screen.count("\n") == 1


def test_without_a_terminal_there_are_plain_lines_and_only_problems_are_on_stderr(workspace: Workspace) -> None:
    result = workspace.run("fetch")
    assert result.status == 0
    lines = [*result.stdout.splitlines(), *result.stderr.splitlines()]
    assert [line for line in lines if not LOG_LINE.fullmatch(line)] == []
    assert [line.split(" ", 2)[2] for line in lines] == [
        "INFO created a new archive in my-archive with 2 feeds",
        "INFO good (The Example): polled, 2 new, 0 known",
        "INFO 2 of 2 feeds polled, 1 failed, 2 new",
        "WARNING missing: not-found: HTTP 404 Not Found",
    ]


def test_quiet_prints_only_problems(workspace: Workspace, server: FeedServer) -> None:
    for number, problems in ((0, ["WARNING missing: not-found: HTTP 404 Not Found"]), (1, [])):
        result = workspace.run("fetch", "--quiet", "--all")
        assert (result.status, result.stdout) == (0, "")
        assert [line.split(" ", 2)[2] for line in result.stderr.splitlines()] == problems
        digest = workspace.run("digest", "-q", *(["--all"] if number else []))
        assert (digest.status, digest.stdout, digest.stderr) == (0, "", "")
        workspace.write_feeds(f'id = "good"\nurl = "{server.serve("/other", rss(*ITEMS))}"')
    assert workspace.run_on_terminal("fetch", "--quiet", "--all") == (0, "")
    assert workspace.run("fetch", "--quiet", "--all", "--json").report["polled"] == 1
    assert len(workspace.articles()) == 2


def test_control_characters_from_a_server_are_removed(workspace: Workspace) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        threading.Thread(target=_answer_with_escapes, args=(listening,), daemon=True).start()
        workspace.write_feeds(f'id = "rude"\nurl = "http://127.0.0.1:{listening.getsockname()[1]}/"')
        result = workspace.run("fetch")
        status, screen = workspace.run_on_terminal("fetch", "--all")
    assert (status, result.status) == (1, 1)
    assert "HTTP 499 Not [31mFound" in screen
    assert "\x07" not in screen
    assert "WARNING rude: http: HTTP 499 Not [31mFound" in result.stderr
    assert "\x1b" not in result.stderr


def _answer_with_escapes(listening: socket.socket) -> None:
    for _ in range(2):
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 499 Not \x1b[31mFound\x07\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def test_names_from_feeds_and_feeds_files_are_not_markup(workspace: Workspace, server: FeedServer) -> None:
    whole = rss(Item("[bold]One[/bold] [/]", "https://example.org/one"))
    workspace.write_feeds(f'id = "a"\nurl = "{server.serve("/feed", whole[: whole.rindex(b"</item>")])}"')
    _, screen = workspace.run_on_terminal("fetch", columns=300)
    assert "not archived: '[bold]One[/bold] [/]': the document is cut off near this entry" in screen


def test_entries_that_the_users_rules_exclude_are_counted(workspace: Workspace, server: FeedServer) -> None:
    feed = f'id = "a"\nurl = "{server.serve("/feed", rss(*ITEMS))}"\ndrop = {{ title = "." }}'
    workspace.write_feeds(feed)
    result = workspace.run("fetch")
    assert [line.split(" ", 2)[2] for line in result.stdout.splitlines()[1:]] == [
        "INFO a (The Example): polled, 0 new, 0 known",
        "INFO a (The Example): dropped: 2 excluded by your rules",
        "INFO 1 of 1 feed polled, 0 new, 2 excluded by your rules",
    ]
    workspace.write_feeds(feed.replace('"."', '".."'))
    assert "2 excluded by your rules" in workspace.run_on_terminal("fetch", "--all")[1]
