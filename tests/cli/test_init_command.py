"""``feedarchive init``, and what other commands say where there is no archive."""

from __future__ import annotations

import json
import os
from pathlib import Path

import pytest
from command import Desk

from feedarchive.feeds.feeds_file import parse_feeds_file
from feedarchive.feeds.starter import starter_feeds
from loopback import FeedServer
from press import Item, rss


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def zone_of(desk: Desk) -> str:
    return str(json.loads((desk.archive / "archive.json").read_text())["time_zone"])


def feeds_file(desk: Desk) -> str:
    return (desk.archive / "feeds.toml").read_text(encoding="utf-8")


def test_a_new_archive_has_a_commented_feeds_file_without_feeds(desk: Desk) -> None:
    ran = desk.run("init", "--time-zone", "Europe/Berlin", "--contact", "https://example.org/me")
    assert (ran.status, ran.stderr) == (0, "")
    assert ran.stdout.splitlines()[0] == (
        "created an archive in my-archive; its days are those of the time zone Europe/Berlin"
    )
    assert "feedarchive add URL" in ran.stdout
    settings = parse_feeds_file(feeds_file(desk), "")
    assert (settings.feeds, settings.time_zone, settings.contact) == ((), "Europe/Berlin", "https://example.org/me")
    assert zone_of(desk) == "Europe/Berlin"
    assert feeds_file(desk).startswith("#")


def test_without_a_time_zone_it_is_the_machines_and_named(desk: Desk) -> None:
    ran = desk.run("init", env={"TZ": "Asia/Tokyo"})
    assert ran.stdout.splitlines()[:2] == [
        "created an archive in my-archive; its days are those of the time zone Asia/Tokyo",
        "(this machine's time zone; for another one, remove the archive and run init --time-zone ZONE)",
    ]
    assert zone_of(desk) == "Asia/Tokyo"
    assert parse_feeds_file(feeds_file(desk), "").time_zone == "Asia/Tokyo"


def test_a_machine_that_knows_no_zone_has_utc(desk: Desk) -> None:
    desk.run("init", env={"TZ": "CET-1CEST,nonsense"})
    assert zone_of(desk)


def test_the_starter_list(desk: Desk) -> None:
    options = ("--time-zone", "UTC", "--contact", "https://example.org/me", "--allow-private-addresses")
    ran = desk.run("init", "--starter", *options)
    assert ran.status == 0
    starter = parse_feeds_file(starter_feeds(), "")
    found = parse_feeds_file(feeds_file(desk), "")
    assert (found.feeds, found.contact) == (starter.feeds, "https://example.org/me")
    assert found.allow_private_addresses
    assert f"{len(starter.feeds)} feeds in my-archive/feeds.toml" in ran.stdout


def test_an_archive_is_not_made_twice(desk: Desk) -> None:
    desk.run("init", "--time-zone", "UTC")
    before = feeds_file(desk)
    ran = desk.run("init", "--time-zone", "Asia/Tokyo", "--starter")
    assert (ran.status, ran.stdout) == (2, "")
    assert ran.stderr == ("feedarchive: my-archive is an archive already: feedarchive add URL subscribes to a feed\n")
    assert (feeds_file(desk), zone_of(desk)) == (before, "UTC")


def test_a_feeds_file_that_somebody_wrote_is_kept(desk: Desk) -> None:
    desk.write_feeds('url = "https://example.org/feed"', head='[archive]\ntime_zone = "Asia/Tokyo"\n')
    before = feeds_file(desk)
    for wrong in (["--starter"], ["--contact", "x"], ["--time-zone", "UTC"]):
        ran = desk.run("init", *wrong)
        assert (ran.status, ran.stderr.count("\n")) == (2, 1)
        assert not (desk.archive / "archive.json").exists()
    assert desk.run("init").status == 0
    assert (feeds_file(desk), zone_of(desk)) == (before, "Asia/Tokyo")


@pytest.mark.parametrize(
    "wrong", [["--time-zone", "Mars/Phobos"], ["--time-zone", ""], ["--contact", "Zoë"], ["--archive", "ftp://x"]]
)
def test_a_wrong_call_makes_nothing(desk: Desk, wrong: list[str]) -> None:
    ran = desk.run("init", *wrong)
    assert (ran.status, ran.stdout) == (2, "")
    assert not desk.archive.exists()


@pytest.mark.parametrize("command", [["fetch"], ["fetch", "--all"], ["fetch", "--json"], ["fetch", "--only", "x"]])
def test_fetch_where_there_is_no_archive_makes_none_and_names_what_does(desk: Desk, command: list[str]) -> None:
    for _ in range(2):
        ran = desk.run(*command)
        assert (ran.status, ran.stdout) == (2, "")
        assert ran.stderr == (
            'feedarchive: "my-archive" is not an archive (no archive.json): run feedarchive init to create one, or '
            "feedarchive add URL to create it with a first feed\n"
        )
        desk.archive.mkdir(exist_ok=True)  # an empty folder is none, too
    assert list(desk.archive.iterdir()) == []


def test_fetch_without_feeds_says_how_to_get_some(desk: Desk) -> None:
    desk.run("init")
    ran = desk.run("fetch")
    assert (ran.status, ran.stderr) == (
        0, "feedarchive: there are no feeds yet: feedarchive add URL subscribes to one\n",
    )  # fmt: skip
    assert desk.run("fetch", "--json").report["feeds"] == 0
    assert desk.run("status").status == 0
    assert desk.run("digest").status == 0
    assert desk.run("feeds").stdout == "no feeds yet: feedarchive add URL subscribes to one\n"


def test_the_archive_may_come_from_the_environment(desk: Desk, server: FeedServer) -> None:
    elsewhere = {"FEEDARCHIVE_ARCHIVE": "elsewhere"}
    assert "created an archive in elsewhere" in desk.run("init", "--allow-private-addresses", env=elsewhere).stdout
    url = server.serve("/feed", rss(Item("One", "https://example.org/1")))
    assert desk.run("add", url, env=elsewhere).status == 0
    assert desk.run("fetch", env=elsewhere).status == 0
    assert len(list((desk.folder / "elsewhere").glob("archive/**/*.md"))) == 1
    assert desk.run("status", "--archive", "other", env=elsewhere).status == 1
    assert '"my-archive" is not' in desk.run("fetch", env={"FEEDARCHIVE_ARCHIVE": ""}).stderr


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write anywhere")
def test_a_folder_that_may_not_be_written(desk: Desk) -> None:
    desk.folder.chmod(0o500)
    ran = desk.run("init")
    assert (ran.status, ran.stderr.count("\n")) == (1, 1)


def test_a_file_in_the_way_is_named(desk: Desk) -> None:
    desk.archive.write_text("I am a file.\n")
    for command in (["init"], ["feeds"], ["check"], ["export"]):
        ran = desk.run(*command)
        assert (ran.status, ran.stdout, ran.stderr.count("\n")) == (1, "", 1)
    assert desk.archive.read_text() == "I am a file.\n"
