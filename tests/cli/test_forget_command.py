"""``feedarchive forget``: by key, path or link; what is forgotten does not come back."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest
from command import Desk

from feedarchive.cli.main import main
from loopback import FeedServer, feed_server
from press import Item, rss

ONE = "https://example.org/one"


@dataclass(frozen=True)
class Archived:
    """An archive to copy, and the server its feeds are on."""

    desk: Desk
    server: FeedServer


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archived]:
    """Four articles; three of them have one link: a page, and what two link blogs say of it."""
    desk = Desk(tmp_path_factory.mktemp("desk"))
    with feed_server() as server:
        own = server.serve("/own", rss(Item("Two", "https://example.org/two"), Item("One", ONE)))
        feeds = [f'url = "{own}"']
        for name in ("mira", "nell"):
            item = Item(f"{name} on one", f"{ONE}/?utm_source=x", guid=name)
            feeds.append(f'url = "{server.serve(f"/{name}", rss(item, home=f"https://{name}.example/"))}"')
        desk.write_feeds(*feeds)
        assert desk.run("fetch").status == 0
        assert len(desk.articles()) == 4
        yield Archived(desk, server)


@pytest.fixture
def desk(archived: Archived, tmp_path: Path) -> Desk:
    """A copy of that archive for each test."""
    shutil.copytree(archived.desk.folder, tmp_path, dirs_exist_ok=True)
    return Desk(tmp_path)


def key_of(desk: Desk, slug: str) -> str:
    (key,) = [key for key in desk.articles() if f"/{slug}-" in key]
    return key


def test_by_key_and_twice(desk: Desk) -> None:
    key = key_of(desk, "one")
    ran = desk.run("forget", key)
    assert (ran.status, ran.stdout, ran.stderr) == (0, f"removed {key}\n", "")
    assert len(desk.articles()) == 3
    assert key not in desk.articles()

    # Twice is no error, and says so. What the terminal has no letters for is shown in escapes.
    ran = desk.run("forget", f"Zürich/{key}", env={"PYTHONIOENCODING": "ascii"})
    assert (ran.status, ran.stdout) == (0, f"Z\\xfcrich/{key}: was forgotten before; no file was left to remove\n")


def test_by_path_as_a_shell_completes_it(desk: Desk) -> None:
    key = key_of(desk, "two")
    for path in (f"my-archive/{key_of(desk, 'one')}", f"./my-archive/../my-archive/{key}"):
        assert (desk.folder / path).is_file()
        ran = desk.run("forget", path)
        assert (ran.status, ran.stdout) == (0, f"removed {path[path.rindex('archive/20') :]}\n")
    assert len(desk.articles()) == 2


def test_by_name_of_the_file_from_within_its_folder(desk: Desk) -> None:
    path = desk.archive / key_of(desk, "one")
    ran = Desk(path.parent).run("forget", "--archive", str(desk.archive), f"./{path.name}")
    assert (ran.status, ran.stdout) == (0, f"removed {path.relative_to(desk.archive)}\n")


def test_by_name_what_an_interruption_has_left_of_it(desk: Desk) -> None:
    path = desk.archive / key_of(desk, "one")
    desk.run("digest")
    digest = path.parents[1] / "digest.json"
    before = digest.read_bytes()
    desk.run("forget", path.name)
    digest.write_bytes(before)
    ran = desk.run("forget", path.name)
    assert (ran.status, "was forgotten before" in ran.stdout) == (0, True)
    assert path.name not in digest.read_text()


def test_an_address_or_another_path_is_no_file_of_the_archive(desk: Desk) -> None:
    key = key_of(desk, "one")
    name = key.rpartition("/")[2]
    for asked in (f"https://other.example/blog/{name}", f"archive/2099/01/01/other.org/{name}", f"x{name}"):
        ran = desk.run("forget", asked)
        assert (ran.status, ran.stdout) == (1, ""), asked
    assert key in desk.articles()


def test_a_file_that_was_deleted_by_hand_does_not_come_back(desk: Desk) -> None:
    key = key_of(desk, "one")
    (desk.archive / key).unlink()
    ran = desk.run("forget", key)
    assert (ran.status, ran.stdout) == (0, f"{key}: is forgotten: no run brings it back; no file was left to remove\n")
    assert "was forgotten before" in desk.run("forget", key).stdout


def test_by_absolute_path_of_an_archive_elsewhere(desk: Desk) -> None:
    path = str(desk.archive / key_of(desk, "one"))
    ran = Desk(desk.folder.parent).run("forget", "--archive", str(desk.archive), path)
    assert ran.status == 0
    assert len(desk.articles()) == 3


def test_by_link_every_article_with_that_link_however_it_is_written(desk: Desk) -> None:
    ran = desk.run("forget", "http://www.example.org/one/?utm_source=rss#0")
    assert ran.status == 0
    assert len(ran.stdout.splitlines()) == 3
    assert desk.articles() == [key_of(desk, "two")]


def test_its_title_leaves_the_digest_too(desk: Desk) -> None:
    key, (day,) = key_of(desk, "two"), (desk.archive / "archive").glob("*/*/*")
    name = "-".join(day.parts[-3:])
    desk.run("digest")
    digest = [day / "digest.json", day / "digest.md", day / "index.html"]
    assert all("two-" in path.read_text() for path in digest)
    ran = desk.run("forget", key)
    assert (ran.status, ran.stdout) == (0, f"removed {key}\ntook it out of the digest of {name}\n")
    assert not any("two-" in path.read_text() for path in digest)
    assert json.loads((desk.archive / "archive" / "index.json").read_text())["days"][0]["counts"]["articles"] == 3

    # An interruption between the two: forgotten again, it leaves the digest.
    key = key_of(desk, "one")
    before = {path: path.read_bytes() for path in digest}
    desk.run("forget", key)
    for path, data in before.items():
        path.write_bytes(data)
    ran = desk.run("forget", "https://example.org/one")
    assert ran.stdout.splitlines()[-1] == f"took it out of the digest of {name}"
    assert not any("/one-" in path.read_text() for path in digest)


def test_no_page_of_a_large_day_is_left_with_its_title(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("feedarchive.digest.html_page.MAX_ENTRIES_ON_ONE_PAGE", 2)
    assert main(["digest", "--archive", str(desk.archive)]) == 0
    (day,) = (desk.archive / "archive").glob("*/*/*")
    pages = {path.name for path in day.glob("site-*.html")}
    assert pages == {"site-example.org.html", "site-mira.example.html", "site-nell.example.html"}
    assert main(["forget", "--archive", str(desk.archive), key_of(desk, "mira-on-one")]) == 0
    assert {path.name for path in day.glob("site-*.html")} == pages - {"site-mira.example.html"}


def test_what_is_unknown_fails_after_all_others_are_done(desk: Desk) -> None:
    key = key_of(desk, "one")
    unknown = key.replace("/one-", "/won-")[:-15] + "0" * 12 + ".md"
    ran = desk.run("forget", "https://example.org/nothing", unknown, "gibberish", key)
    assert (ran.status, ran.stdout) == (1, f"removed {key}\n")
    for asked in ("https://example.org/nothing", unknown, "gibberish"):
        assert f"{asked}: no article of my-archive has this file, key or link" in ran.stderr
    assert len(desk.articles()) == 3


def test_the_forgotten_does_not_come_back_though_all_state_is_lost(desk: Desk, archived: Archived) -> None:
    key = key_of(desk, "one")
    desk.run("forget", key)
    left = desk.articles()
    shutil.rmtree(desk.archive / "state")
    edited = rss(Item("One", ONE, text="Other words, and more of them."), Item("Two", "https://example.org/two"))
    archived.server.serve("/own", edited)
    ran = desk.run("fetch", "--all", "--json")
    assert (ran.status, ran.report["articles"]["new"]) == (0, 0)
    assert desk.articles() == left


def test_only_in_an_archive(tmp_path: Path) -> None:
    ran = Desk(tmp_path).run("forget", ONE)
    assert (ran.status, ran.stdout) == (1, "")
    assert ran.stderr == (
        'feedarchive: "my-archive" is not an archive (no archive.json): run feedarchive init to create one, or '
        "feedarchive add URL to create it with a first feed\n"
    )
    assert list(tmp_path.iterdir()) == []
