"""What a person sees: a table on a terminal, plain lines in a log."""

from __future__ import annotations

import re
import socket
import threading
from pathlib import Path

import pytest
from command import Desk

from loopback import FeedServer
from press import Item, rss

ITEMS = (Item("One", "https://example.org/one"), Item("Two", "https://example.org/two"))
LOG_LINE = re.compile(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (INFO|WARNING) \S.*")


@pytest.fixture
def desk(tmp_path: Path, server: FeedServer) -> Desk:
    desk = Desk(tmp_path)
    good, missing = server.serve("/good", rss(*ITEMS)), server.url("/missing")
    desk.write_feeds(f'id = "good"\nurl = "{good}"', f'id = "missing"\nurl = "{missing}"')
    return desk


def test_a_terminal_shows_a_bar_and_then_a_table(desk: Desk) -> None:
    status, shown = desk.run_on_terminal("fetch")
    assert status == 0
    assert "A new archive in my-archive, with 2 feeds." in shown
    assert "polling" in shown
    assert "2/2" in shown
    lines = shown.rpartition("polling")[2].splitlines()
    table = [re.split(r"\s{2,}", line.strip()) for line in lines]
    start = table.index(["feed", "outcome", "new", "known", "problem"])
    assert table[start + 1 : start + 4] == [
        ["The Example", "polled", "2", "0"],
        ["missing", "failed", "0", "0", "the server answers 404 Not Found"],
        ["2 of 2 feeds polled, 1 failed, 2 new"],
    ]


def test_a_terminal_is_told_when_nothing_is_due(desk: Desk) -> None:
    desk.run("fetch")
    status, shown = desk.run_on_terminal("fetch")
    assert status == 0
    assert shown.splitlines()[-1] == "no feed is due yet (--all polls them all the same)"
    assert "outcome" not in shown


def test_status_puts_words_below_the_table_where_there_is_no_room_beside_it(desk: Desk) -> None:
    desk.run("fetch")
    words = "the server answers 404 Not Found (since "
    _, wide = desk.run_on_terminal("status", columns=160)
    assert any(line.startswith("missing") and words in line for line in wide.splitlines())
    _, narrow = desk.run_on_terminal("status", columns=80)
    assert any(line.startswith(f"missing: {words}") for line in narrow.splitlines())
    assert max(map(len, narrow.splitlines())) <= 80


def test_json_on_a_terminal_is_json(desk: Desk) -> None:
    status, shown = desk.run_on_terminal("fetch", "--json")
    assert status == 0
    assert shown.splitlines()[-1].startswith('{"feeds": 2, "polled": 2,')
    assert "outcome" not in shown
    assert "━" not in shown


def test_a_wrong_feeds_file_on_a_terminal_is_one_line(desk: Desk) -> None:
    desk.write_feeds('url = "no address"')
    status, shown = desk.run_on_terminal("fetch")
    assert status == 2
    assert shown.startswith("feedarchive: my-archive/feeds.toml: feeds, number 1: url: expected ")
    assert shown.count("\n") == 1


def test_without_a_terminal_there_are_plain_lines_on_stderr(desk: Desk) -> None:
    ran = desk.run("fetch")
    assert (ran.status, ran.stdout) == (0, "")
    lines = ran.stderr.splitlines()
    assert [line for line in lines if not LOG_LINE.fullmatch(line)] == []
    assert [line.split(" ", 2)[2] for line in lines] == [
        "INFO made a new archive in my-archive with 2 feeds",
        "INFO good (The Example): polled, 2 new, 0 known",
        "WARNING missing: not-found: the server answers 404 Not Found",
        "INFO 2 of 2 feeds polled, 1 failed, 2 new",
    ]


def test_a_servers_words_move_no_cursor_and_end_no_line(desk: Desk) -> None:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        threading.Thread(target=_answer_with_escapes, args=(listening,), daemon=True).start()
        desk.write_feeds(f'id = "rude"\nurl = "http://127.0.0.1:{listening.getsockname()[1]}/"')
        status, shown = desk.run_on_terminal("fetch")
        ran = desk.run("fetch", "--all")
    assert (status, ran.status) == (1, 1)
    assert "the server answers 499 Not [31mFound" in shown
    assert "\x07" not in shown
    assert "WARNING rude: http: the server answers 499 Not [31mFound" in ran.stderr
    assert "\x1b" not in ran.stderr


def _answer_with_escapes(listening: socket.socket) -> None:
    for _ in range(2):
        connection, _ = listening.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(b"HTTP/1.1 499 Not \x1b[31mFound\x07\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")


def test_names_from_feeds_files_are_no_markup(desk: Desk, server: FeedServer) -> None:
    whole = rss(Item("[bold]One[/bold] [/]", "https://example.org/one"))
    desk.write_feeds(f'id = "a"\nurl = "{server.serve("/feed", whole[: whole.rindex(b"</item>")])}"')
    _, shown = desk.run_on_terminal("fetch", columns=300)
    assert "read all the same; not archived: '[bold]One[/bold] [/]': the document ends in or right after it" in shown


def test_what_the_users_own_rules_keep_out_is_counted(desk: Desk, server: FeedServer) -> None:
    feed = f'id = "a"\nurl = "{server.serve("/feed", rss(*ITEMS))}"\ndrop = {{ title = "." }}'
    desk.write_feeds(feed)
    ran = desk.run("fetch")
    assert [line.split(" ", 2)[2] for line in ran.stderr.splitlines()[1:]] == [
        "INFO a (The Example): polled, 0 new, 0 known",
        "INFO a (The Example): dropped: 2 kept out by your rules",
        "INFO 1 of 1 feed polled, 0 new, 2 kept out by your rules",
    ]
    desk.write_feeds(feed.replace('"."', '".."'))
    assert "2 kept out by your rules" in desk.run_on_terminal("fetch", "--all")[1]
