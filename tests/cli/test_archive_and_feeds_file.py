"""The archive a run is for: made, found again with its feeds file, or refused."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from command import Desk

from feedarchive.archive.open_archive import open_archive
from feedarchive.feeds.feeds_file import parse_feeds_file
from feedarchive.feeds.starter import starter_feeds
from feedarchive.store.folder import FolderStore
from loopback import FeedServer
from press import Item, rss

ITEMS = (Item("One", "https://example.org/one"), Item("Two", "https://example.org/two"))


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_wrong_feeds_file_is_refused_whole_before_anything_is_polled(desk: Desk, server: FeedServer) -> None:
    desk.write_feeds(f'url = "{server.url("/feed")}"', f'url = "{server.url("/other")}"\nintervall = "1 h"')
    ran = desk.run("fetch", "--json")
    assert (ran.status, ran.stdout) == (2, "")
    assert ran.stderr.startswith("feedarchive: my-archive/feeds.toml: feeds, number 2 (http://127.0.0.1:")
    assert "'intervall' is no key here" in ran.stderr
    assert ran.stderr.count("\n") == 1
    assert server.asked == []
    assert [path.name for path in desk.archive.iterdir() if path.suffix] == ["feeds.toml"]


def test_a_feeds_file_that_is_no_text_is_refused(desk: Desk) -> None:
    (desk.folder / "latin.toml").write_bytes(b'[[feeds]]\nurl = "https://example.org/"\ntitle = "Caf\xe9"')
    ran = desk.run("fetch", "--feeds", "latin.toml")
    assert (ran.status, ran.stderr) == (2, "feedarchive: latin.toml: expected UTF-8 text\n")
    desk.archive.mkdir()
    (desk.folder / "latin.toml").rename(desk.archive / "feeds.toml")
    ran = desk.run("fetch")
    assert (ran.status, ran.stderr) == (2, "feedarchive: my-archive/feeds.toml: line 3: expected UTF-8 text\n")


def test_a_changed_time_zone_is_refused(desk: Desk, server: FeedServer) -> None:
    feed = f'url = "{server.serve("/feed", rss(*ITEMS))}"'
    berlin, tokyo = (
        f'[archive]\ntime_zone = "{zone}"\n[fetch]\nallow_private_addresses = true\n'
        for zone in ("Europe/Berlin", "Asia/Tokyo")
    )
    desk.write_feeds(feed, head=berlin)
    assert desk.run("fetch").status == 0
    desk.write_feeds(feed, head=tokyo)
    ran = desk.run("fetch", "--all")
    assert (ran.status, len(server.asked)) == (2, 1)
    assert "archive.time_zone: this archive was made with 'Europe/Berlin' and keeps it, got 'Asia/Tokyo'" in ran.stderr
    assert ran.stderr.endswith("; take that line out, or begin another archive\n")
    # Refused is not good: the one before it stays as the last that was.
    assert "Europe/Berlin" in (desk.archive / "feeds.last-good.toml").read_text()


def test_a_new_archive_starts_with_the_starter_list(tmp_path: Path) -> None:
    # In this process: the command would go on and poll them.
    opened = open_archive(FolderStore(tmp_path / "new"), starter_feeds())
    assert opened.created
    assert opened.feeds == parse_feeds_file(starter_feeds(), "")
    assert (tmp_path / "new" / "feeds.toml").read_text(encoding="utf-8") == starter_feeds()
    assert json.loads((tmp_path / "new" / "archive.json").read_text()) == {
        "format": 1,
        "identity": 1,
        "time_zone": "UTC",
    }
    assert not open_archive(FolderStore(tmp_path / "new"), "another list").created


def test_a_feeds_file_that_went_missing_is_an_error_that_says_what_to_do(desk: Desk, server: FeedServer) -> None:
    desk.write_feeds(f'url = "{server.serve("/feed", rss(*ITEMS))}"')
    desk.run("fetch")
    (desk.archive / "feeds.toml").unlink()
    ran = desk.run("fetch")
    assert ran.status == 2
    assert "my-archive/feeds.toml is missing, though this is an archive: put one there" in ran.stderr
    assert "feeds.last-good.toml is the last one that worked" in ran.stderr
    assert not (desk.archive / "feeds.toml").exists()
    assert desk.run("fetch", "--feeds", "my-archive/feeds.last-good.toml").status == 0


def test_the_last_feeds_file_that_was_good_is_kept(desk: Desk, server: FeedServer) -> None:
    last_good = desk.archive / "feeds.last-good.toml"
    for path in ("/first", "/second"):
        desk.write_feeds(f'url = "{server.serve(path, rss(*ITEMS))}"')
        good = (desk.archive / "feeds.toml").read_text()
        desk.run("fetch")
        assert last_good.read_text() == good
    desk.write_feeds('url = "not an address"')
    assert desk.run("fetch").status == 2
    assert last_good.read_text() == good


@pytest.mark.parametrize(
    "left", [None, b"", b'{"format": 1', b"[" * 200_000], ids=["missing", "empty", "torn", "too deep"]
)
def test_an_archive_without_its_mark_is_not_made_anew_with_other_days(
    desk: Desk, server: FeedServer, left: bytes | None
) -> None:
    feed = f'url = "{server.serve("/feed", rss(*ITEMS))}"'
    desk.write_feeds(feed, head='[archive]\ntime_zone = "Asia/Tokyo"\n[fetch]\nallow_private_addresses = true\n')
    desk.run("fetch")
    desk.write_feeds(feed)
    mark = desk.archive / "archive.json"
    if left is None:
        mark.unlink()
    else:
        mark.write_bytes(left)
    ran = desk.run("fetch", "--all")
    assert (ran.status, len(server.asked)) == (1, 1)
    state = "missing" if left is None else "damaged"
    assert ran.stderr == (
        "feedarchive: my-archive holds articles, but its archive.json, which says in what time zone its days are, is "
        f'{state}: put it back from a copy, or write it anew: {{"format": 1, "identity": 1, "time_zone": '
        '"the zone of its days"}\n'
    )
    assert desk.run("status").stderr == ran.stderr
    mark.write_text('{"format": 1, "identity": 1, "time_zone": "Asia/Tokyo"}')  # as some editors leave it
    assert desk.run("fetch", "--all").status == 0


def test_rules_that_let_more_in_bring_back_what_they_kept_out(desk: Desk, server: FeedServer) -> None:
    """Though the server says that nothing has changed: the entry may soon be gone from the feed."""
    etag = '"1"'
    url = server.serve("/feed", rss(*ITEMS), ETag=etag)
    desk.write_feeds(f'url = "{url}"\ndrop = {{ title = "One" }}')
    assert desk.run("fetch", "--json").report["articles"]["new"] == 1
    assert desk.run("fetch", "--all", "--json").report["unchanged"] == 1
    desk.write_feeds(f'url = "{url}"\ndrop = {{ title = "Three" }}')
    report = desk.run("fetch", "--all", "--json").report
    assert report["articles"] == {"new": 1, "known": 1, "revised": 0, "rejected": 0}
    assert desk.run("fetch", "--all", "--json").report["unchanged"] == 1
    desk.write_feeds(f'url = "{url}"\nkeep = {{ title = "Four" }}')  # what is archived stays, and is no problem
    assert desk.run("fetch", "--all", "--json").report["articles"]["known"] == 2


def test_another_feeds_file_leaves_the_archives_own_alone(desk: Desk, server: FeedServer) -> None:
    desk.write_feeds(f'url = "{server.url("/own")}"')
    own = (desk.archive / "feeds.toml").read_text()
    text = f'[fetch]\nallow_private_addresses = true\n[[feeds]]\nurl = "{server.serve("/other", rss(*ITEMS))}"\n'
    (desk.folder / "other.toml").write_text(text, encoding="utf-8-sig")
    assert desk.run("fetch", "--feeds", "other.toml", "--json").report["articles"]["new"] == 2
    assert [asked.path for asked in server.asked] == ["/other"]
    assert (desk.archive / "feeds.toml").read_text() == own
    assert not (desk.archive / "feeds.last-good.toml").exists()


def test_another_feeds_file_is_one_for_digest_and_status_too(desk: Desk, server: FeedServer) -> None:
    text = f'[fetch]\nallow_private_addresses = true\n[[feeds]]\nid = "o"\nurl = "{server.serve("/o", rss(*ITEMS))}"\n'
    (desk.folder / "other.toml").write_text(text)
    for command in ("fetch", "digest", "status"):
        ran = desk.run(command, "--feeds", "other.toml")
        assert (ran.status, "feeds.toml is missing" in ran.stdout) == (0, False)
    assert ran.stdout.splitlines()[1].split()[:3] == ["The", "Example", "well"]
    assert json.loads((desk.archive / "status.json").read_text())["feeds"][0]["feed"] == "o"
    (desk.folder / "other.toml").write_text("[[feeds]]\n")
    assert desk.run("status", "--feeds", "other.toml").status == 2


def test_another_feeds_file_makes_nobody_forget_the_archives_own_feeds(desk: Desk, server: FeedServer) -> None:
    etag = '"1"'
    desk.write_feeds(f'url = "{server.serve("/own", rss(*ITEMS), ETag=etag)}"')
    desk.run("fetch")
    other = f'[fetch]\nallow_private_addresses = true\n[[feeds]]\nurl = "{server.serve("/other", rss(*ITEMS))}"\n'
    (desk.folder / "other.toml").write_text(other)
    assert desk.run("fetch", "--feeds", "other.toml", "--json").report["polled"] == 1
    assert desk.run("fetch", "--json").report["polled"] == 0  # it is known when it is due
    (state,) = desk.archive.glob("state/**/*.json")
    # One run of its own, and what is not subscribed is forgotten.
    assert desk.run("fetch", "--all", "--json").report["unchanged"] == 1
    assert len(json.loads(state.read_bytes())["feeds"]) == 1


def test_the_archive_may_be_anywhere(desk: Desk, server: FeedServer) -> None:
    desk.write_feeds(f'url = "{server.serve("/feed", rss(*ITEMS))}"')
    elsewhere = desk.folder / "a folder" / "with ümlauts"
    ran = desk.run("fetch", "--archive", str(elsewhere), "--feeds", "my-archive/feeds.toml")
    assert ran.status == 0
    assert len(list(elsewhere.glob("archive/**/*.md"))) == 2


def test_a_folder_that_is_another_archive_is_left_alone(desk: Desk, server: FeedServer) -> None:
    desk.write_feeds(f'url = "{server.url("/feed")}"')
    (desk.archive / "archive.json").write_text('{"format": 99, "identity": 1, "time_zone": "UTC"}\n')
    ran = desk.run("fetch")
    assert ran.status == 1
    assert "says format 99, identity 1; this program knows format 1, identity 1: use a newer one" in ran.stderr
    assert server.asked == []
