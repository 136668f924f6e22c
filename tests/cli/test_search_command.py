"""``feedarchive search``: what it prints, its options, and its exit statuses."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest

from feedarchive.search.index_file import INDEX_FILE
from tests.cli.command import MODULE, Workspace
from tests.cli.terminal import terminal
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import feed_server

_ITEMS = [
    Item(
        "The old bridge",
        "https://example.org/bridge",
        "b",
        "It is to be rebuilt by spring, <b>says</b> Müller.",
    ),
    Item("Ferry", "https://example.org/ferry", "f", "There is no bridge here."),
    Item("Snow", "https://example.org/snow", "s", "It fell all day."),
]


@pytest.fixture(scope="module")
def workspace(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """An archive with three articles. Tests only add to it."""
    workspace = Workspace(tmp_path_factory.mktemp("search"))
    assert workspace.run("init", "--allow-private-addresses", "--time-zone", "UTC").status == 0
    with feed_server() as server:
        workspace.write_feeds(f'url = "{server.serve("/feed", rss(*_ITEMS))}"\nid = "news"\ntags = ["local"]')
        assert workspace.run("fetch").status == 0
        yield workspace


def test_each_article_with_its_day_feed_context_and_file(workspace: Workspace) -> None:
    result = workspace.run("search", "bridge", "muller")
    (key,) = [key for key in workspace.articles() if "bridge" in key]
    assert result.stderr == ""
    assert result.stdout.splitlines() == [
        "The old bridge",
        "  2025-12-24 · The Example",
        "  It is to be rebuilt by spring, says Müller.",
        f"  my-archive/{key}",
        "",
        "1 article found",
    ]


def test_words_after_a_hyphen_are_excluded_and_a_limit_is_named(workspace: Workspace) -> None:
    assert workspace.run("search", "bridge", "-muller", "--site", "EXAMPLE.org").stdout.startswith("Ferry\n")
    result = workspace.run("search", "bridge", "--limit", "1", "--feed", "news", "--tag", "LOCAL")
    assert result.stdout.splitlines()[-1] == "2 articles found; 1 more with a larger --limit"


def test_a_feed_with_a_token_in_its_url_is_found_by_its_id(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert workspace.run("init", "--allow-private-addresses", "--time-zone", "UTC").status == 0
    with feed_server() as server:
        workspace.write_feeds(f'url = "{server.serve("/feed?token=swordfish", rss(*_ITEMS))}"\nid = "private"')
        assert workspace.run("fetch").status == 0
    assert workspace.run("search", "snow", "--feed", "private").stdout.startswith("Snow\n")


def test_the_json_report(workspace: Workspace) -> None:
    report = workspace.run(
        "search", "--json", "--published", "--since", "2025-12-24", "--until", "2025", "bridg*"
    ).report
    assert (report["query"], report["total"]) == ("bridg*", 2)
    assert [article["title"] for article in report["articles"]] == ["The old bridge", "Ferry"]
    ferry = report["articles"][1]
    assert ferry["key"] in workspace.articles()
    assert [ferry["context"][start:end] for start, end in ferry["marks"]] == ["bridge"]


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (["zebra"], 1, ""),
        (["***"], 2, "feedarchive: '***' has no letters or digits to search for"),
        (
            ["x", "--since", "yesterday"],
            2,
            "expected a day, month or year such as 2025-12-25 or 2025-12, got 'yesterday'",
        ),
        (["x", "--limit", "0"], 2, "expected a number of at least 1, got '0'"),
        (["x", "--archive", "nowhere"], 1, "is not an archive"),
        (
            ["x", "--archive", "s3://bucket"],
            2,
            "search needs an archive in a folder: copy it (feedarchive copy s3://bucket",
        ),
    ],
)
def test_statuses_and_messages(workspace: Workspace, arguments: list[str], status: int, message: str) -> None:
    result = workspace.run("search", *arguments)
    assert result.status == status
    assert message in result.stderr


def test_on_a_terminal_the_words_are_marked_and_control_characters_have_no_effect(workspace: Workspace) -> None:
    (path,) = workspace.archive.glob("archive/*/*/*/*/snow-*.md")
    head, _, body = path.read_bytes().rpartition(b"It fell")
    path.with_name("storm-0123456789ab.md").write_bytes(head + b"It \x1b[2J raged" + body)
    with terminal([*MODULE, "search", "raged"], workspace.folder, 160) as at:
        assert at.status() == 0
    assert b"It  2J " in at.screen
    assert b"\x1b[1;33mraged\x1b" in at.screen


def test_open_opens_the_page_of_the_first_article(workspace: Workspace, tmp_path: Path) -> None:
    browser = tmp_path / "browser"
    browser.write_text(f'#!/bin/sh\necho "$1" > {tmp_path}/opened\n')
    browser.chmod(0o755)
    for expected in (".md", ".html#"):
        assert workspace.run("search", "--open", "snow", env={"BROWSER": f"{browser} %s"}).status == 0
        assert expected in (tmp_path / "opened").read_text()
        assert workspace.run("digest").status == 0


def test_digest_and_forget_bring_an_existing_index_up_to_date(workspace: Workspace) -> None:
    assert workspace.run("search", "ferry").status == 0
    assert workspace.run("forget", "https://example.org/ferry").status == 0
    index = workspace.archive / INDEX_FILE
    with closing(sqlite3.connect(index)) as connection:
        titles = {title for (title,) in connection.execute("SELECT title FROM article")}
    assert titles == {"The old bridge", "Snow"}
    for path in index.parent.glob("search*"):
        path.unlink()
    assert workspace.run("digest").status == 0
    assert not index.exists()
