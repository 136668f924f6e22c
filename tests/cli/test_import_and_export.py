"""``feedarchive import`` and ``export``, and an OPML file in place of a feeds file."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest
from command import Desk, Ran

from feedarchive.feeds.feeds_file import parse_feeds_file
from feedarchive.subscriptions.opml import MAX_OPML_BYTES, parse_opml
from loopback import FeedServer
from press import Item, rss

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
def desk(tmp_path: Path) -> Desk:
    desk = Desk(tmp_path)
    assert desk.run("init", "--allow-private-addresses", "--time-zone", "UTC").status == 0
    (tmp_path / "subs.opml").write_text(OPML, encoding="utf-8")
    return desk


def feeds_file(desk: Desk) -> str:
    return (desk.archive / "feeds.toml").read_text(encoding="utf-8")


def refused(ran: Ran, status: int = 2) -> str:
    assert (ran.status, ran.stdout, ran.stderr.count("\n")) == (status, "", 1)
    return ran.stderr.removeprefix("feedarchive: ").strip()


def test_feeds_are_added_and_the_rest_is_named(desk: Desk) -> None:
    before = feeds_file(desk)
    ran = desk.run("import", "subs.opml")
    assert (ran.status, ran.stdout) == (0, "subs.opml: 2 feeds added to my-archive/feeds.toml\n")
    assert [line.removeprefix("feedarchive: subs.opml: ") for line in ran.stderr.splitlines()] == [
        "line 6: http://www.log.example/rss/ is the feed of line 4 under another spelling: one of them is enough",
        "line 8: 'Lost' has no xmlUrl: it is an empty folder, or a feed whose URL is missing",
        "line 9: 'Script': 'exec:feed.sh': exec is not supported, only http and https are",
    ]
    assert feeds_file(desk) == before + (
        '\n[[feeds]]\nurl = "https://log.example/rss"\nid = "log"\ntitle = "Log"\nhome_page = "https://log.example/"\n'
        'tags = ["Sea", "Ships"]\n'
        '\n[[feeds]]\nurl = "https://quay.example/feed"\nid = "quay"\ntitle = "Quay & co"\n'
    )


def test_a_second_import_adds_nothing(desk: Desk) -> None:
    desk.run("import", "subs.opml")
    before = feeds_file(desk)
    ran = desk.run("import", "subs.opml")
    assert (ran.status, ran.stdout.splitlines()[-1]) == (
        0, "subs.opml: 0 of 2 feeds added to my-archive/feeds.toml; 2 subscribed already",
    )  # fmt: skip
    (desk.folder / "other.opml").write_text('<opml><body><outline xmlUrl="http://Quay.example/feed/"/></body></opml>')
    ran = desk.run("import", "other.opml")
    assert ran.stdout.splitlines()[0] == (
        "line 1: http://Quay.example/feed/ is subscribed already as quay, at https://quay.example/feed"
    )
    assert feeds_file(desk) == before


def test_without_tags(desk: Desk) -> None:
    desk.run("import", "subs.opml", "--no-tag-folders")
    assert [feed.tags for feed in parse_feeds_file(feeds_file(desk), "").feeds] == [(), ()]


def test_no_server_is_asked_unless_it_is_wanted(desk: Desk, server: FeedServer) -> None:
    good = server.serve("/good", rss(Item("One", "https://example.org/1")))
    server.serve("/page", b"<!doctype html><html></html>", "text/html")
    outlines = "".join(f'<outline text="{n}" xmlUrl="{server.url("/" + n)}"/>' for n in ("good", "page", "gone"))
    (desk.folder / "subs.opml").write_text(f"<opml><body>{outlines}</body></opml>")
    assert desk.run("import", "subs.opml").status == 0
    assert server.asked == []
    desk.run("remove", "good", "page", "gone")
    ran = desk.run("import", "subs.opml", "--check")
    assert ran.status == 0
    assert ran.stdout.splitlines() == [
        "subs.opml: 3 feeds added to my-archive/feeds.toml", "checked 3 feeds: 1 can be archived, 2 failed",
    ]  # fmt: skip
    assert ran.stderr.splitlines() == [
        "page: the server sent an HTML page, not a feed", "gone: the server answers 404 Not Found",
    ]  # fmt: skip
    assert good


def test_two_thousand_feeds_take_under_two_seconds(desk: Desk) -> None:
    outlines = "".join(f'<outline text="Feed {n}" xmlUrl="https://f{n}.example/rss"/>' for n in range(2000))
    (desk.folder / "subs.opml").write_text(f"<opml><body><outline text='all'>{outlines}</outline></body></opml>")
    before = os.times()
    assert desk.run("import", "subs.opml").stdout == "subs.opml: 2,000 feeds added to my-archive/feeds.toml\n"
    used = os.times()
    # CPU seconds, which other tests on this machine do not slow down as much.
    assert used.children_user + used.children_system - before.children_user - before.children_system < 2
    assert len(parse_feeds_file(feeds_file(desk), "").feeds) == 2000


@pytest.mark.parametrize(
    ("data", "words"),
    [
        (b"", "subs.opml: the file is empty"),
        (b"<opml><body>", "subs.opml: line 1: not well-formed XML"),
        (b"<opml><body></body></opml>", "subs.opml: has no feeds in it"),
        (b"url = 1", "subs.opml: line 1: not well-formed XML"),
        (b'<!DOCTYPE x [<!ENTITY a "b">]><opml/>', "subs.opml: line 1: it declares entities"),
        (b"<opml><body>" + b"<outline>" * 5000, "subs.opml: line 1: more than 200 levels of folders"),
        (b"\0\1\2\xff" * 1000, "subs.opml: line"),
    ],
    ids=["empty", "cut off", "without feeds", "toml", "entities", "deep", "binary"],
)
def test_a_wrong_file_is_one_line_and_changes_nothing(desk: Desk, data: bytes, words: str) -> None:
    before = feeds_file(desk)
    (desk.folder / "subs.opml").write_bytes(data)
    assert refused(desk.run("import", "subs.opml")).startswith(words)
    assert feeds_file(desk) == before


def test_a_huge_file_is_one_line_and_not_read_whole(desk: Desk) -> None:
    with (desk.folder / "subs.opml").open("wb") as file:
        file.write(b"<opml><body>")
        file.truncate(50 * 2**20)
    assert "larger than 20 MiB" in refused(desk.run("import", "subs.opml"))
    assert MAX_OPML_BYTES < 50 * 2**20


def test_a_missing_file_makes_no_archive(tmp_path: Path) -> None:
    desk = Desk(tmp_path)
    assert refused(desk.run("import", "subs.opml")) == "subs.opml: No such file or directory"
    (tmp_path / "subs.opml").write_text("<opml><body></body></opml>")
    refused(desk.run("import", "subs.opml"))
    assert not desk.archive.exists()
    (tmp_path / "subs.opml").write_text(OPML)
    ran = desk.run("import", "subs.opml", env={"TZ": "Asia/Tokyo"})
    assert ran.stdout.splitlines() == [
        "created an archive in my-archive; its days are those of the time zone Asia/Tokyo",
        "subs.opml: 2 feeds added to my-archive/feeds.toml",
    ]


def test_from_stdin(desk: Desk) -> None:
    ran = desk.run("-c", f'"{sys.executable}" -m feedarchive import - <subs.opml', program=("sh",))
    assert ran.stdout == "stdin: 2 feeds added to my-archive/feeds.toml\n"


def test_an_export_imported_elsewhere_is_the_same_list(desk: Desk) -> None:
    desk.run("import", "subs.opml")
    assert desk.run("export", "mine.opml").stdout == "2 feeds written to mine.opml\n"
    elsewhere = ("--archive", "elsewhere")
    assert desk.run("import", "mine.opml", *elsewhere).status == 0
    feeds = desk.run("feeds", "--json").report["feeds"]
    # Feeds without tags come before folders.
    assert sorted(desk.run("feeds", "--json", *elsewhere).report["feeds"], key=str) == sorted(feeds, key=str)
    assert desk.run("export", "mine.opml", *elsewhere).status == 0
    assert desk.run("import", "mine.opml").stdout.endswith("2 subscribed already\n")


def test_stdout_is_opml_whatever_its_encoding(desk: Desk) -> None:
    (desk.folder / "subs.opml").write_text(
        '<opml><body><outline text="漢字" xmlUrl="https://a.example/"/></body></opml>'
    )
    desk.run("import", "subs.opml")
    ran = desk.run("export", env={"PYTHONIOENCODING": "ascii"})
    assert (ran.status, ran.stderr) == (0, "")
    (feed,) = parse_opml(ran.stdout.encode(), "").feeds
    assert feed.title == "漢字"


def test_logins_stay_at_home(desk: Desk) -> None:
    desk.write_feeds('url = "https://ada:secret@example.org/feed"\nheaders = { X = "secret" }')
    ran = desk.run("export", "mine.opml")
    assert ran.stderr == "feedarchive: left out the logins in the URLs of 1 feed\n"
    assert b"secret" not in (desk.folder / "mine.opml").read_bytes()


def test_an_export_that_cannot_be_written_is_one_line(desk: Desk) -> None:
    assert refused(desk.run("export", "no/such/folder.opml"), 1).startswith("cannot write no/such/folder.opml: ")
    (desk.folder / "there").mkdir()
    refused(desk.run("export", "there"), 1)
    assert [path.name for path in desk.folder.iterdir() if path.name.startswith(".")] == []


def test_titles_that_polling_learned_are_exported(desk: Desk, server: FeedServer) -> None:
    desk.write_feeds(f'url = "{server.serve("/feed", rss(Item("One", "https://example.org/1"), title="Learned"))}"')
    desk.run("fetch")
    assert 'text="Learned"' in desk.run("export").stdout


def test_fetch_and_status_take_an_opml_file(desk: Desk, server: FeedServer) -> None:
    url = server.serve("/feed", rss(Item("One", "https://example.org/1")))
    (desk.folder / "subs.opml").write_text(
        f'<opml><body><outline text="Sea"><outline text="Mine" xmlUrl="{url}"/><outline type="rss" text="Lost"/>'
        "</outline></body></opml>"
    )
    ran = desk.run("fetch", "--feeds", "subs.opml", "--json")
    # Which feeds may be private is said by a feeds file, and OPML has no such setting.
    assert [problem["kind"] for problem in ran.report["problems"]] == ["refused"]
    assert "WARNING subs.opml: line 1: 'Lost' has no xmlUrl" in ran.stderr
    assert desk.run("status", "--feeds", "subs.opml").stdout.splitlines()[1].startswith("Mine")
    (desk.folder / "subs.opml").write_text("<opml>")
    assert refused(desk.run("fetch", "--feeds", "subs.opml")).startswith("subs.opml: line 1: not well-formed XML")
