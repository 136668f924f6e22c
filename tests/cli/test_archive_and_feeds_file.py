"""The archive and the feeds file of a run: created, opened, or rejected."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feedarchive.archive.open_archive import open_archive
from feedarchive.feeds.feeds_file import parse_feeds_file
from feedarchive.feeds.starter import starter_feeds
from feedarchive.store.folder import FolderStore
from tests.cli.command import Workspace
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer

ITEMS = (Item("One", "https://example.org/one"), Item("Two", "https://example.org/two"))


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def test_an_invalid_feeds_file_is_rejected_before_anything_is_polled(workspace: Workspace, server: FeedServer) -> None:
    workspace.write_feeds(f'url = "{server.url("/feed")}"', f'url = "{server.url("/other")}"\nintervall = "1 h"')
    result = workspace.run("fetch", "--json")
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr.startswith("feedarchive: my-archive/feeds.toml: feed number 2 (http://127.0.0.1:")
    assert "unknown key 'intervall'" in result.stderr
    assert result.stderr.count("\n") == 1
    assert server.requests == []
    assert [path.name for path in workspace.archive.iterdir() if path.suffix] == ["feeds.toml"]


def test_a_feeds_file_that_is_not_utf_8_is_rejected(workspace: Workspace) -> None:
    (workspace.folder / "latin.toml").write_bytes(b'[[feeds]]\nurl = "https://example.org/"\ntitle = "Caf\xe9"')
    result = workspace.run("fetch", "--feeds", "latin.toml")
    assert (result.status, result.stderr) == (2, "feedarchive: latin.toml: expected UTF-8 text\n")
    workspace.archive.mkdir()
    (workspace.folder / "latin.toml").rename(workspace.archive / "feeds.toml")
    result = workspace.run("fetch")
    assert (result.status, result.stderr) == (2, "feedarchive: my-archive/feeds.toml: line 3: expected UTF-8 text\n")


def test_a_changed_time_zone_is_rejected(workspace: Workspace, server: FeedServer) -> None:
    feed = f'url = "{server.serve("/feed", rss(*ITEMS))}"'
    berlin, tokyo = (
        f'[archive]\ntime_zone = "{zone}"\n[fetch]\nallow_private_addresses = true\n'
        for zone in ("Europe/Berlin", "Asia/Tokyo")
    )
    workspace.write_feeds(feed, head=berlin)
    assert workspace.run("fetch").status == 0
    workspace.write_feeds(feed, head=tokyo)
    result = workspace.run("fetch", "--all")
    assert (result.status, len(server.requests)) == (2, 1)
    assert (
        "archive.time_zone: got 'Asia/Tokyo', but the archive was created with 'Europe/Berlin', which cannot be changed"
        in result.stderr
    )
    assert result.stderr.endswith(": remove the line with time_zone, or create another archive\n")
    # A rejected file does not become the last good one.
    assert "Europe/Berlin" in (workspace.archive / "feeds.last-good.toml").read_text()


def test_a_new_archive_starts_with_the_starter_list(tmp_path: Path) -> None:
    # This test does not run the command, because it would also poll the feeds of the starter list.
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


def test_the_error_of_a_missing_feeds_file_says_what_to_do(workspace: Workspace, server: FeedServer) -> None:
    workspace.write_feeds(f'url = "{server.serve("/feed", rss(*ITEMS))}"')
    workspace.run("fetch")
    (workspace.archive / "feeds.toml").unlink()
    result = workspace.run("fetch")
    assert result.status == 2
    assert "my-archive/feeds.toml is missing: create it" in result.stderr
    assert "feeds.last-good.toml is a copy of the last valid one" in result.stderr
    assert not (workspace.archive / "feeds.toml").exists()
    assert workspace.run("fetch", "--feeds", "my-archive/feeds.last-good.toml").status == 0


def test_the_last_good_feeds_file_is_kept(workspace: Workspace, server: FeedServer) -> None:
    last_good = workspace.archive / "feeds.last-good.toml"
    for path in ("/first", "/second"):
        workspace.write_feeds(f'url = "{server.serve(path, rss(*ITEMS))}"')
        good = (workspace.archive / "feeds.toml").read_text()
        workspace.run("fetch")
        assert last_good.read_text() == good
    workspace.write_feeds('url = "not an address"')
    assert workspace.run("fetch").status == 2
    assert last_good.read_text() == good


@pytest.mark.parametrize(
    "left", [None, b"", b'{"format": 1', b"[" * 200_000], ids=["missing", "empty", "truncated", "too deep"]
)
def test_an_archive_without_its_manifest_is_not_created_again_with_other_days(
    workspace: Workspace, server: FeedServer, left: bytes | None
) -> None:
    feed = f'url = "{server.serve("/feed", rss(*ITEMS))}"'
    workspace.write_feeds(feed, head='[archive]\ntime_zone = "Asia/Tokyo"\n[fetch]\nallow_private_addresses = true\n')
    workspace.run("fetch")
    workspace.write_feeds(feed)
    manifest = workspace.archive / "archive.json"
    if left is None:
        manifest.unlink()
    else:
        manifest.write_bytes(left)
    result = workspace.run("fetch", "--all")
    assert (result.status, len(server.requests)) == (1, 1)
    state = "missing" if left is None else "damaged"
    assert result.stderr == (
        f'feedarchive: "my-archive" contains articles, but its archive.json is {state}: restore it from a backup, or '
        'write it again: {"format": 1, "identity": 1, "time_zone": "the time zone of its days"}\n'
    )
    assert workspace.run("status").stderr == result.stderr
    # on one line and without a line break at the end, as a person may write it
    manifest.write_text('{"format": 1, "identity": 1, "time_zone": "Asia/Tokyo"}')
    assert workspace.run("fetch", "--all").status == 0


def test_changed_rules_archive_entries_that_were_excluded_before(workspace: Workspace, server: FeedServer) -> None:
    """After a change of rules, a poll sends no validators. The entry may be gone when the feed changes next."""
    etag = '"1"'
    url = server.serve("/feed", rss(*ITEMS), ETag=etag)
    workspace.write_feeds(f'url = "{url}"\ndrop = {{ title = "One" }}')
    assert workspace.run("fetch", "--json").report["articles"]["new"] == 1
    assert workspace.run("fetch", "--all", "--json").report["unchanged"] == 1
    workspace.write_feeds(f'url = "{url}"\ndrop = {{ title = "Three" }}')
    report = workspace.run("fetch", "--all", "--json").report
    assert report["articles"] == {"new": 1, "known": 1, "revised": 0, "rejected": 0}
    assert workspace.run("fetch", "--all", "--json").report["unchanged"] == 1
    workspace.write_feeds(f'url = "{url}"\nkeep = {{ title = "Four" }}')  # archived articles stay, and are not reported
    assert workspace.run("fetch", "--all", "--json").report["articles"]["known"] == 2


def test_an_external_feeds_file_does_not_change_the_archives_own(workspace: Workspace, server: FeedServer) -> None:
    workspace.write_feeds(f'url = "{server.url("/own")}"')
    own = (workspace.archive / "feeds.toml").read_text()
    text = f'[fetch]\nallow_private_addresses = true\n[[feeds]]\nurl = "{server.serve("/other", rss(*ITEMS))}"\n'
    (workspace.folder / "other.toml").write_text(text, encoding="utf-8-sig")
    assert workspace.run("fetch", "--feeds", "other.toml", "--json").report["articles"]["new"] == 2
    assert [request.path for request in server.requests] == ["/other"]
    assert (workspace.archive / "feeds.toml").read_text() == own
    assert not (workspace.archive / "feeds.last-good.toml").exists()


def test_digest_and_status_take_an_external_feeds_file_too(workspace: Workspace, server: FeedServer) -> None:
    text = f'[fetch]\nallow_private_addresses = true\n[[feeds]]\nid = "o"\nurl = "{server.serve("/o", rss(*ITEMS))}"\n'
    (workspace.folder / "other.toml").write_text(text)
    for command in ("fetch", "digest", "status"):
        result = workspace.run(command, "--feeds", "other.toml")
        assert (result.status, "feeds.toml is missing" in result.stdout) == (0, False)
    assert result.stdout.splitlines()[1].split()[:3] == ["The", "Example", "well"]
    assert json.loads((workspace.archive / "status.json").read_text())["feeds"][0]["feed"] == "o"
    (workspace.folder / "other.toml").write_text("[[feeds]]\n")
    assert workspace.run("status", "--feeds", "other.toml").status == 2


def test_an_external_feeds_file_keeps_the_state_of_the_archives_own_feeds(
    workspace: Workspace, server: FeedServer
) -> None:
    etag = '"1"'
    workspace.write_feeds(f'url = "{server.serve("/own", rss(*ITEMS), ETag=etag)}"')
    workspace.run("fetch")
    other = f'[fetch]\nallow_private_addresses = true\n[[feeds]]\nurl = "{server.serve("/other", rss(*ITEMS))}"\n'
    (workspace.folder / "other.toml").write_text(other)
    assert workspace.run("fetch", "--feeds", "other.toml", "--json").report["polled"] == 1
    assert workspace.run("fetch", "--json").report["polled"] == 0  # its state says that it is not due
    (state,) = workspace.archive.glob("state/**/*.json")
    # A run with the archive's own feeds file drops the state of all other feeds.
    assert workspace.run("fetch", "--all", "--json").report["unchanged"] == 1
    assert len(json.loads(state.read_bytes())["feeds"]) == 1


def test_the_archive_may_be_anywhere(workspace: Workspace, server: FeedServer) -> None:
    workspace.write_feeds(f'url = "{server.serve("/feed", rss(*ITEMS))}"')
    elsewhere = workspace.folder / "a folder" / "with ümlauts"
    result = workspace.run("fetch", "--archive", str(elsewhere), "--feeds", "my-archive/feeds.toml")
    assert result.status == 0
    assert len(list(elsewhere.glob("archive/**/*.md"))) == 2


def test_an_archive_of_another_format_stays_unchanged(workspace: Workspace, server: FeedServer) -> None:
    workspace.write_feeds(f'url = "{server.url("/feed")}"')
    (workspace.archive / "archive.json").write_text('{"format": 99, "identity": 1, "time_zone": "UTC"}\n')
    result = workspace.run("fetch")
    assert result.status == 1
    assert (
        "has format 99, identity 1; this program supports format 1, identity 1: install a newer version"
        in result.stderr
    )
    assert server.requests == []
