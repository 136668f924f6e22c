"""``feedarchive replay``: make a new archive from the documents of another one. Other commands count the documents."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import nullcontext
from pathlib import Path

import pytest

from feedarchive.cli.main import main
from feedarchive.replay.replay import ReplayReport
from tests.cli.command import Workspace
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import feed_server


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """An archive with the documents of two feeds, and the server of these feeds."""
    workspace = Workspace(tmp_path_factory.mktemp("desk"))
    with feed_server() as server:
        one = server.serve("/one", rss(Item("One", "https://example.org/1"), Item("Two", "https://example.org/2")))
        two = server.serve("/two", rss(Item("Three", "https://example.net/3")))
        head = '[fetch]\nallow_private_addresses = true\n[archive]\ntime_zone = "Europe/Berlin"\n'
        head += "[defaults]\nkeep_documents = true\n"
        workspace.write_feeds(f'url = "{one}"\nid = "one"', f'url = "{two}"\nid = "two"', head=head)
        assert workspace.run("fetch").status == 0
        yield workspace


@pytest.fixture
def workspace(archived: Workspace, tmp_path: Path) -> Workspace:
    """A copy of the archive for each test."""
    shutil.copytree(archived.folder, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path)


def articles(folder: Path) -> list[str]:
    return sorted(path.relative_to(folder).as_posix() for path in folder.glob("archive/*/*/*/*/*.md"))


@pytest.mark.parametrize("documents", ["my-archive", "my-archive/documents", "./my-archive/documents/"])
def test_a_replay_makes_an_archive_and_forgotten_articles_stay_forgotten(workspace: Workspace, documents: str) -> None:
    (key,) = [key for key in articles(workspace.archive) if "/one-" in key]
    said = workspace.run("forget", key).stdout
    month = next(workspace.archive.glob("documents/one/*")).name[:7]
    assert f"\nthe feed documents from {month} on may still contain the article: " in said
    done = workspace.run("replay", documents, "--archive", "new")
    assert (done.status, done.stderr) == (0, "")
    assert done.stdout.startswith("replayed 2 documents (")
    assert ": 2 articles in new\n" in done.stdout
    assert "left out 1 file that the other archive has forgotten\n" in done.stdout
    new = workspace.folder / "new"
    assert [name.rpartition("/")[2] for name in articles(new)] == [
        name.rpartition("/")[2] for name in articles(workspace.archive)
    ]
    assert (new / "archive.json").read_bytes() == (workspace.archive / "archive.json").read_bytes()
    assert (new / "feeds.toml").read_bytes() == (workspace.archive / "feeds.toml").read_bytes()
    assert workspace.run("digest", "--archive", "new").status == 0
    assert workspace.run("verify", "new").status == 0
    assert workspace.run("fetch", "--archive", "new", "--all", "--json").report["articles"]["new"] == 0


def test_an_archive_that_exists_is_never_changed(workspace: Workspace) -> None:
    before = {path: path.read_bytes() for path in workspace.archive.rglob("*") if path.is_file()}
    for target in ("my-archive", "my-archive/archive"):
        done = workspace.run("replay", "my-archive", "--archive", target)
        assert (done.status, done.stdout) == (1, "")
        assert f"feedarchive: {target} is not empty (" in done.stderr
    assert {path: path.read_bytes() for path in workspace.archive.rglob("*") if path.is_file()} == before


def test_documents_outside_an_archive_need_a_feeds_file(workspace: Workspace) -> None:
    (workspace.archive / "documents").rename(workspace.folder / "documents")
    done = workspace.run("replay", "documents", "--archive", "new")
    assert done.status == 2
    assert done.stderr == (
        "feedarchive: documents is not in an archive: give the feeds of the documents with --feeds FILE\n"
    )
    feeds = workspace.folder / "feeds.toml"
    feeds.write_text('[[feeds]]\nurl = "https://example.org/feed"\nid = "two"\n')
    done = workspace.run("replay", "documents", "--archive", "new", "--feeds", "feeds.toml")
    assert done.status == 1
    assert ": 1 article in new\n" in done.stdout
    assert done.stderr == (
        "feedarchive: one: left out 1 document: the feeds file has no feed with this id; add it, or give another file "
        "with --feeds\n"
    )
    report = workspace.run("replay", "documents", "--archive", "other", "--feeds", "feeds.toml", "--json").report
    assert (report["documents"], report["new"], report["left_out"], report["damaged"]) == (1, 1, {"one": 1}, [])


def test_an_archive_without_documents(workspace: Workspace) -> None:
    workspace.run("init", "--archive", "empty")
    done = workspace.run("replay", "empty", "--archive", "new")
    assert done.status == 1
    assert done.stderr == (
        "feedarchive: there are no feed documents in empty/documents: only feeds with keep_documents = true keep them\n"
    )
    assert not (workspace.folder / "new" / "archive.json").exists()


def test_damaged_documents_are_named(workspace: Workspace) -> None:
    path = next(workspace.archive.glob("documents/one/*"))
    data = bytearray(path.read_bytes())
    data[-30] ^= 1
    path.write_bytes(data)
    key = path.relative_to(workspace.archive).as_posix()
    done = workspace.run("replay", "my-archive", "--archive", "new")
    assert done.status == 1
    assert (
        f"feedarchive: {key}: left out damaged records; put the file back from a copy of the archive\n" in done.stderr
    )
    workspace.run("digest")
    done = workspace.run("verify")
    assert done.status == 1
    assert f"{key}: a feed document in the file is damaged (at byte " in done.stdout


def test_status_and_verify_count_documents(workspace: Workspace) -> None:
    assert "feed documents: 2 files, 2." in workspace.run("status").stdout
    assert workspace.run("status", "--json").report["documents"]["files"] == 2
    workspace.run("digest")
    assert "2 feed documents checked (2." in workspace.run("verify").stdout


def test_a_terminal_shows_the_progress(workspace: Workspace) -> None:
    status, screen = workspace.run_on_terminal("replay", "my-archive", "--archive", "new")
    assert status == 0
    assert ": 2 documents, 3 articles" in screen.partition("replaying ")[2]
    assert "replayed 2 documents" in screen


def test_an_interrupted_replay_leaves_no_archive(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupt(report: ReplayReport) -> None:
        raise KeyboardInterrupt

    monkeypatch.chdir(workspace.folder)
    monkeypatch.setattr("feedarchive.cli.replay.replay_progress", lambda: nullcontext(interrupt))
    assert main(["replay", "my-archive", "--archive", "new"]) == 130
    assert "delete everything in the new archive and run the same command again" in capsys.readouterr().err
    assert articles(workspace.folder / "new")
    assert not (workspace.folder / "new" / "archive.json").exists()
    done = workspace.run("fetch", "--archive", "new")
    assert done.status == 1
    assert "contains articles, but its archive.json is missing" in done.stderr
