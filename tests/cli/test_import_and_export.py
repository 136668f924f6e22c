"""``feedarchive import`` and ``export``, and an OPML file in place of a feeds file."""

from __future__ import annotations

import sys
import time
from pathlib import Path

import pytest

from feedarchive.cli.main import main
from feedarchive.feeds.feeds_file import parse_feeds_file
from feedarchive.subscriptions.opml import MAX_OPML_BYTES, parse_opml
from tests.cli.command import CommandResult, Workspace
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer

OPML = """<?xml version="1.0" encoding="UTF-8"?>
<opml version="1.0"><head><title>Mine</title></head><body>
<outline text="Sea"><outline text="Ships">
<outline type="rss" text="Log" xmlUrl="https://log.example/rss" htmlUrl="https://log.example/"/>
</outline></outline>
<outline type="rss" text="Log" xmlUrl="http://www.log.example/rss/"/>
<outline type="rss" text="Quay &amp; co" xmlUrl="https://quay.example/feed"/>
<outline type="rss" text="Lost"/>
<outline type="rss" text="Script" xmlUrl="exec:feed.sh"/>
</body></opml>
"""


@pytest.fixture
def workspace(workspace: Workspace, tmp_path: Path) -> Workspace:
    (tmp_path / "subs.opml").write_text(OPML, encoding="utf-8")
    return workspace


def feeds_file(workspace: Workspace) -> str:
    return (workspace.archive / "feeds.toml").read_text(encoding="utf-8")


def refused(result: CommandResult, status: int = 2) -> str:
    assert (result.status, result.stdout, result.stderr.count("\n")) == (status, "", 1)
    return result.stderr.removeprefix("feedarchive: ").strip()


def test_feeds_are_added_and_the_rest_is_reported(workspace: Workspace) -> None:
    before = feeds_file(workspace)
    result = workspace.run("import", "subs.opml")
    assert (result.status, result.stdout) == (0, "subs.opml: 2 feeds added to my-archive/feeds.toml\n")
    assert [line.removeprefix("feedarchive: subs.opml: ") for line in result.stderr.splitlines()] == [
        "line 6: http://www.log.example/rss/ is another spelling of the URL in line 4: keep one of them",
        "line 8: 'Lost' has no xmlUrl: it is an empty folder, or a feed whose URL is missing",
        "line 9: 'Script': 'exec:feed.sh': exec is not supported, only http and https are",
    ]
    assert feeds_file(workspace) == before + (
        '\n[[feeds]]\nurl = "https://log.example/rss"\nid = "log"\ntitle = "Log"\nhome_page = "https://log.example/"\n'
        'tags = ["Sea", "Ships"]\n'
        '\n[[feeds]]\nurl = "https://quay.example/feed"\nid = "quay"\ntitle = "Quay & co"\n'
    )


def test_a_second_import_adds_nothing(workspace: Workspace) -> None:
    workspace.run("import", "subs.opml")
    before = feeds_file(workspace)
    result = workspace.run("import", "subs.opml")
    assert (result.status, result.stdout.splitlines()[-1]) == (
        0, "subs.opml: 0 of 2 feeds added to my-archive/feeds.toml; 2 already subscribed",
    )  # fmt: skip
    (workspace.folder / "other.opml").write_text(
        '<opml><body><outline xmlUrl="http://Quay.example/feed/"/></body></opml>'
    )
    result = workspace.run("import", "other.opml")
    assert result.stdout.splitlines()[0] == (
        "line 1: already subscribed to http://Quay.example/feed/ as quay, at https://quay.example/feed"
    )
    assert feeds_file(workspace) == before


def test_without_tags(workspace: Workspace) -> None:
    workspace.run("import", "subs.opml", "--no-tag-folders")
    assert [feed.tags for feed in parse_feeds_file(feeds_file(workspace), "").feeds] == [(), ()]


def test_servers_are_contacted_only_with_check(workspace: Workspace, server: FeedServer) -> None:
    good = server.serve("/good", rss(Item("One", "https://example.org/1")))
    server.serve("/page", b"<!doctype html><html></html>", "text/html")
    outlines = "".join(f'<outline text="{n}" xmlUrl="{server.url("/" + n)}"/>' for n in ("good", "page", "gone"))
    (workspace.folder / "subs.opml").write_text(f"<opml><body>{outlines}</body></opml>")
    assert workspace.run("import", "subs.opml").status == 0
    assert server.requests == []
    workspace.run("remove", "good", "page", "gone")
    result = workspace.run("import", "subs.opml", "--check")
    assert result.status == 0
    assert result.stdout.splitlines() == [
        "subs.opml: 3 feeds added to my-archive/feeds.toml", "checked 3 feeds: 1 can be archived, 2 failed",
    ]  # fmt: skip
    assert result.stderr.splitlines() == [
        "page: the server sent an HTML page, not a feed", "gone: HTTP 404 Not Found",
    ]  # fmt: skip
    assert good


def test_two_thousand_feeds_take_under_two_seconds(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    outlines = "".join(f'<outline text="Feed {n}" xmlUrl="https://f{n}.example/rss"/>' for n in range(2000))
    (workspace.folder / "subs.opml").write_text(f"<opml><body><outline text='all'>{outlines}</outline></body></opml>")
    monkeypatch.chdir(workspace.folder)
    before = time.process_time()  # CPU time, because other tests on this machine make the wall time longer
    assert main(["import", "subs.opml"]) == 0
    assert time.process_time() - before < 2
    assert capsys.readouterr().out == "subs.opml: 2,000 feeds added to my-archive/feeds.toml\n"
    assert len(parse_feeds_file(feeds_file(workspace), "").feeds) == 2000


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "subs.opml: the file is empty"),
        (b"<opml><body>", "subs.opml: line 1: not well-formed XML"),
        (b"<opml><body></body></opml>", "subs.opml: has no feeds"),
        (b"url = 1", "subs.opml: line 1: not well-formed XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><opml/>', "subs.opml: line 1: XML entities are not supported"),
        (b"<opml><body>" + b"<outline>" * 5000, "subs.opml: line 1: more than 200 levels of folders"),
        (b"\0\1\2\xff" * 1000, "subs.opml: not a text file"),
    ],
    ids=["empty", "cut off", "without feeds", "toml", "entities", "deep", "binary"],
)
def test_an_invalid_file_gives_one_line_and_changes_nothing(workspace: Workspace, data: bytes, words: str) -> None:
    before = feeds_file(workspace)
    (workspace.folder / "subs.opml").write_bytes(data)
    assert refused(workspace.run("import", "subs.opml")).startswith(words)
    assert feeds_file(workspace) == before


def test_a_huge_file_gives_one_line(workspace: Workspace) -> None:
    with (workspace.folder / "subs.opml").open("wb") as file:
        file.write(b"<opml><body>")
        file.truncate(50 * 2**20)
    assert "larger than 20 MiB" in refused(workspace.run("import", "subs.opml"))
    assert MAX_OPML_BYTES < 50 * 2**20


def test_a_missing_file_makes_no_archive(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path)
    assert refused(workspace.run("import", "subs.opml")) == "subs.opml: No such file or directory"
    (tmp_path / "subs.opml").write_text("<opml><body></body></opml>")
    refused(workspace.run("import", "subs.opml"))
    assert not workspace.archive.exists()
    (tmp_path / "subs.opml").write_text(OPML)
    result = workspace.run("import", "subs.opml", env={"TZ": "Asia/Tokyo"})
    assert result.stdout.splitlines() == [
        "created an archive in my-archive; its days begin at midnight in Asia/Tokyo",
        "subs.opml: 2 feeds added to my-archive/feeds.toml",
    ]


def test_from_stdin(workspace: Workspace) -> None:
    result = workspace.run("-c", f'"{sys.executable}" -m feedarchive import - <subs.opml', program=("sh",))
    assert result.stdout == "stdin: 2 feeds added to my-archive/feeds.toml\n"


def test_an_export_imported_elsewhere_is_the_same_list(workspace: Workspace) -> None:
    workspace.run("import", "subs.opml")
    assert workspace.run("export", "mine.opml").stdout == "2 feeds written to mine.opml\n"
    elsewhere = ("--archive", "elsewhere")
    assert workspace.run("import", "mine.opml", *elsewhere).status == 0
    feeds = workspace.run("feeds", "--json").report["feeds"]
    # Feeds without tags come before folders.
    assert sorted(workspace.run("feeds", "--json", *elsewhere).report["feeds"], key=str) == sorted(feeds, key=str)
    assert workspace.run("export", "mine.opml", *elsewhere).status == 0
    assert workspace.run("import", "mine.opml").stdout.endswith("2 already subscribed\n")


def test_stdout_is_opml_whatever_its_encoding(workspace: Workspace) -> None:
    (workspace.folder / "subs.opml").write_text(
        '<opml><body><outline text="漢字" xmlUrl="https://a.example/"/></body></opml>'
    )
    workspace.run("import", "subs.opml")
    result = workspace.run("export", env={"PYTHONIOENCODING": "ascii"})
    assert (result.status, result.stderr) == (0, "")
    (feed,) = parse_opml(result.stdout.encode(), "").feeds
    assert feed.title == "漢字"


def test_passwords_are_not_exported(workspace: Workspace) -> None:
    workspace.write_feeds('url = "https://ada:secret@example.org/feed"\nheaders = { X = "secret" }')
    result = workspace.run("export", "mine.opml")
    assert result.stderr == "feedarchive: the secrets in the URLs of 1 feed were left out\n"
    assert b"secret" not in (workspace.folder / "mine.opml").read_bytes()


def test_an_export_that_cannot_be_written_gives_one_line(workspace: Workspace) -> None:
    assert refused(workspace.run("export", "no/such/folder.opml"), 1).startswith("cannot write no/such/folder.opml: ")
    (workspace.folder / "there").mkdir()
    refused(workspace.run("export", "there"), 1)
    assert [path.name for path in workspace.folder.iterdir() if path.name.startswith(".")] == []


def test_titles_from_the_documents_are_exported(workspace: Workspace, server: FeedServer) -> None:
    workspace.write_feeds(
        f'url = "{server.serve("/feed", rss(Item("One", "https://example.org/1"), title="Learned"))}"'
    )
    workspace.run("fetch")
    assert 'text="Learned"' in workspace.run("export").stdout


def test_fetch_and_status_take_an_opml_file(workspace: Workspace, server: FeedServer) -> None:
    url = server.serve("/feed", rss(Item("One", "https://example.org/1")))
    (workspace.folder / "subs.opml").write_text(
        f'<opml><body><outline text="Sea"><outline text="Mine" xmlUrl="{url}"/><outline type="rss" text="Lost"/>'
        "</outline></body></opml>"
    )
    result = workspace.run("fetch", "--feeds", "subs.opml", "--json")
    # Only a feeds file can allow private addresses; OPML has no such setting.
    assert [problem["kind"] for problem in result.report["problems"]] == ["refused"]
    assert "WARNING subs.opml: line 1: 'Lost' has no xmlUrl" in result.stderr
    assert workspace.run("status", "--feeds", "subs.opml").stdout.splitlines()[1].startswith("Mine")
    (workspace.folder / "subs.opml").write_text("<opml>")
    assert refused(workspace.run("fetch", "--feeds", "subs.opml")).startswith("subs.opml: line 1: not well-formed XML")
