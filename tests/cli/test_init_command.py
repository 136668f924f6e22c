"""``feedarchive init``, and the messages of other commands if there is no archive."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest

from feedarchive.feeds.feeds_file import parse_feeds_file
from feedarchive.feeds.starter import starter_feeds
from tests.cli.command import Workspace
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path)


def zone_of(workspace: Workspace) -> str:
    return str(json.loads((workspace.archive / "archive.json").read_text())["time_zone"])


def feeds_file(workspace: Workspace) -> str:
    return (workspace.archive / "feeds.toml").read_text(encoding="utf-8")


def test_a_new_archive_has_a_commented_feeds_file_without_feeds(workspace: Workspace) -> None:
    result = workspace.run("init", "--time-zone", "Europe/Berlin", "--contact", "https://example.org/me")
    assert (result.status, result.stderr) == (0, "")
    assert result.stdout.splitlines()[0] == (
        "created an archive in my-archive; its days begin at midnight in Europe/Berlin"
    )
    assert "feedarchive add URL" in result.stdout
    settings = parse_feeds_file(feeds_file(workspace), "")
    assert (settings.feeds, settings.time_zone, settings.contact) == ((), "Europe/Berlin", "https://example.org/me")
    assert zone_of(workspace) == "Europe/Berlin"
    assert feeds_file(workspace).startswith("#")


def test_the_default_time_zone_is_the_machines(workspace: Workspace) -> None:
    result = workspace.run("init", env={"TZ": "Asia/Tokyo"})
    assert result.stdout.splitlines()[:2] == [
        "created an archive in my-archive; its days begin at midnight in Asia/Tokyo",
        "(this machine's time zone; for another one, delete the archive and run init --time-zone ZONE)",
    ]
    assert zone_of(workspace) == "Asia/Tokyo"
    assert parse_feeds_file(feeds_file(workspace), "").time_zone == "Asia/Tokyo"


def test_an_unknown_time_zone_of_the_machine_is_not_an_error(workspace: Workspace) -> None:
    workspace.run("init", env={"TZ": "CET-1CEST,nonsense"})
    assert zone_of(workspace)


def test_the_starter_list(workspace: Workspace) -> None:
    options = ("--time-zone", "UTC", "--contact", "https://example.org/me", "--allow-private-addresses")
    result = workspace.run("init", "--starter", *options)
    assert result.status == 0
    starter = parse_feeds_file(starter_feeds(), "")
    found = parse_feeds_file(feeds_file(workspace), "")
    assert (found.feeds, found.contact) == (starter.feeds, "https://example.org/me")
    assert found.allow_private_addresses
    assert f"{len(starter.feeds)} feeds in my-archive/feeds.toml" in result.stdout


def test_an_archive_is_not_created_twice(workspace: Workspace) -> None:
    workspace.run("init", "--time-zone", "UTC")
    before = feeds_file(workspace)
    result = workspace.run("init", "--time-zone", "Asia/Tokyo", "--starter")
    assert (result.status, result.stdout) == (2, "")
    assert result.stderr == (
        "feedarchive: my-archive is already an archive: run feedarchive add URL to subscribe to a feed\n"
    )
    assert (feeds_file(workspace), zone_of(workspace)) == (before, "UTC")


def test_an_existing_feeds_file_is_kept(workspace: Workspace) -> None:
    workspace.write_feeds('url = "https://example.org/feed"', head='[archive]\ntime_zone = "Asia/Tokyo"\n')
    before = feeds_file(workspace)
    for wrong in (["--starter"], ["--contact", "x"], ["--time-zone", "UTC"]):
        result = workspace.run("init", *wrong)
        assert (result.status, result.stderr.count("\n")) == (2, 1)
        assert not (workspace.archive / "archive.json").exists()
    assert workspace.run("init").status == 0
    assert (feeds_file(workspace), zone_of(workspace)) == (before, "Asia/Tokyo")


@pytest.mark.parametrize(
    "wrong", [["--time-zone", "Mars/Phobos"], ["--time-zone", ""], ["--contact", "Zoë"], ["--archive", "ftp://x"]]
)
def test_a_usage_error_creates_nothing(workspace: Workspace, wrong: list[str]) -> None:
    result = workspace.run("init", *wrong)
    assert (result.status, result.stdout) == (2, "")
    assert not workspace.archive.exists()


@pytest.mark.parametrize("command", [["fetch"], ["fetch", "--all"], ["fetch", "--json"], ["fetch", "--only", "x"]])
def test_fetch_creates_no_archive_and_says_how_to_create_one(workspace: Workspace, command: list[str]) -> None:
    for _ in range(2):
        result = workspace.run(*command)
        assert (result.status, result.stdout) == (2, "")
        assert result.stderr == (
            'feedarchive: "my-archive" is not an archive (no archive.json): run feedarchive init to create one, or '
            "feedarchive add URL to create it with a first feed\n"
        )
        workspace.archive.mkdir(exist_ok=True)  # an empty folder is not an archive either
    assert list(workspace.archive.iterdir()) == []


def test_fetch_without_feeds_says_how_to_add_one(workspace: Workspace) -> None:
    workspace.run("init")
    result = workspace.run("fetch")
    assert (result.status, result.stderr) == (
        0, "feedarchive: there are no feeds yet: run feedarchive add URL to subscribe to one\n",
    )  # fmt: skip
    assert workspace.run("fetch", "--json").report["feeds"] == 0
    assert workspace.run("status").status == 0
    assert workspace.run("digest").status == 0
    assert workspace.run("feeds").stdout == "no feeds yet: run feedarchive add URL to subscribe to one\n"


def test_the_archive_may_come_from_the_environment(workspace: Workspace, server: FeedServer) -> None:
    elsewhere = {"FEEDARCHIVE_ARCHIVE": "elsewhere"}
    assert "created an archive in elsewhere" in workspace.run("init", "--allow-private-addresses", env=elsewhere).stdout
    url = server.serve("/feed", rss(Item("One", "https://example.org/1")))
    assert workspace.run("add", url, env=elsewhere).status == 0
    assert workspace.run("fetch", env=elsewhere).status == 0
    assert len(list((workspace.folder / "elsewhere").glob("archive/**/*.md"))) == 1
    assert workspace.run("status", "--archive", "other", env=elsewhere).status == 1
    assert '"my-archive" is not' in workspace.run("fetch", env={"FEEDARCHIVE_ARCHIVE": ""}).stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_read_only_folder(workspace: Workspace) -> None:
    workspace.folder.chmod(0o500)
    result = workspace.run("init")
    assert (result.status, result.stderr.count("\n")) == (1, 1)


def test_a_file_at_the_location_is_reported(workspace: Workspace) -> None:
    workspace.archive.write_text("I am a file.\n")
    for command in (["init"], ["feeds"], ["check"], ["export"]):
        result = workspace.run(*command)
        assert (result.status, result.stdout, result.stderr.count("\n")) == (1, "", 1)
    assert workspace.archive.read_text() == "I am a file.\n"
