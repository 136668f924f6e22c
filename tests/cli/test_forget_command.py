"""``feedarchive forget``: by key, path or link; a forgotten article is not archived again."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.cli.command import Workspace
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, feed_server

ONE = "https://example.org/one"


@dataclass(frozen=True)
class Archived:
    """An archive to copy, and the server of its feeds."""

    workspace: Workspace
    server: FeedServer


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archived]:
    """An archive with four articles. Three have the same link: one article, and posts of two link blogs about it."""
    workspace = Workspace(tmp_path_factory.mktemp("desk"))
    with feed_server() as server:
        own = server.serve("/own", rss(Item("Two", "https://example.org/two"), Item("One", ONE)))
        feeds = [f'url = "{own}"']
        for name in ("mira", "nell"):
            item = Item(f"{name} on one", f"{ONE}/?utm_source=x", guid=name)
            feeds.append(f'url = "{server.serve(f"/{name}", rss(item, home=f"https://{name}.example/"))}"')
        workspace.write_feeds(*feeds)
        assert workspace.run("fetch").status == 0
        assert len(workspace.articles()) == 4
        yield Archived(workspace, server)


@pytest.fixture
def workspace(archived: Archived, tmp_path: Path) -> Workspace:
    """A copy of the archive, so that each test can change it."""
    shutil.copytree(archived.workspace.folder, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path)


def key_of(workspace: Workspace, slug: str) -> str:
    (key,) = [key for key in workspace.articles() if f"/{slug}-" in key]
    return key


def test_by_key_and_twice(workspace: Workspace) -> None:
    key = key_of(workspace, "one")
    result = workspace.run("forget", key)
    assert (result.status, result.stdout, result.stderr) == (0, f"removed {key}\n", "")
    assert len(workspace.articles()) == 3
    assert key not in workspace.articles()

    # Forgetting an article again is reported, but is no error. Characters that stdout cannot encode are escaped.
    result = workspace.run("forget", f"Zürich/{key}", env={"PYTHONIOENCODING": "ascii"})
    assert (result.status, result.stdout) == (
        0,
        f"Z\\xfcrich/{key}: was already forgotten; there was no file left to remove\n",
    )


def test_by_path_as_shell_completion_writes_it(workspace: Workspace) -> None:
    key = key_of(workspace, "two")
    for path in (f"my-archive/{key_of(workspace, 'one')}", f"./my-archive/../my-archive/{key}"):
        assert (workspace.folder / path).is_file()
        result = workspace.run("forget", path)
        assert (result.status, result.stdout) == (0, f"removed {path[path.rindex('archive/20') :]}\n")
    assert len(workspace.articles()) == 2


def test_by_file_name_within_its_folder(workspace: Workspace) -> None:
    path = workspace.archive / key_of(workspace, "one")
    result = Workspace(path.parent).run("forget", "--archive", str(workspace.archive), f"./{path.name}")
    assert (result.status, result.stdout) == (0, f"removed {path.relative_to(workspace.archive)}\n")


def test_by_file_name_after_an_interrupted_command(workspace: Workspace) -> None:
    path = workspace.archive / key_of(workspace, "one")
    workspace.run("digest")
    digest = path.parents[1] / "digest.json"
    before = digest.read_bytes()
    workspace.run("forget", path.name)
    digest.write_bytes(before)
    result = workspace.run("forget", path.name)
    assert (result.status, "was already forgotten" in result.stdout) == (0, True)
    assert path.name not in digest.read_text()


def test_a_url_or_path_that_ends_in_the_file_name_does_not_match(workspace: Workspace) -> None:
    key = key_of(workspace, "one")
    file = key.rpartition("/")[2]
    for name in (f"https://other.example/blog/{file}", f"archive/2099/01/01/other.org/{file}", f"x{file}"):
        result = workspace.run("forget", name)
        assert (result.status, result.stdout) == (1, ""), name
    assert key in workspace.articles()


def test_a_file_that_was_deleted_by_hand_can_be_forgotten(workspace: Workspace) -> None:
    key = key_of(workspace, "one")
    (workspace.archive / key).unlink()
    result = workspace.run("forget", key)
    assert (result.status, result.stdout) == (
        0,
        f"{key}: is forgotten and will not be archived again; there was no file left to remove\n",
    )
    assert "was already forgotten" in workspace.run("forget", key).stdout


def test_by_absolute_path_in_an_archive_elsewhere(workspace: Workspace) -> None:
    path = str(workspace.archive / key_of(workspace, "one"))
    result = Workspace(workspace.folder.parent).run("forget", "--archive", str(workspace.archive), path)
    assert result.status == 0
    assert len(workspace.articles()) == 3


def test_by_link_in_any_equivalent_form_every_article_with_it(workspace: Workspace) -> None:
    result = workspace.run("forget", "http://www.example.org/one/?utm_source=rss#0")
    assert result.status == 0
    assert len(result.stdout.splitlines()) == 3
    assert workspace.articles() == [key_of(workspace, "two")]


def test_it_is_removed_from_the_digest_too(workspace: Workspace) -> None:
    key, (day,) = key_of(workspace, "two"), (workspace.archive / "archive").glob("*/*/*")
    name = "-".join(day.parts[-3:])
    workspace.run("digest")
    pages = workspace.archive / "pages" / Path(*day.parts[-3:])
    digest = [day / "digest.json", day / "digest.md", pages / "example.org.html"]
    assert all("two-" in path.read_text() for path in digest)
    result = workspace.run("forget", key)
    assert (result.status, result.stdout) == (0, f"removed {key}\nupdated the digest of {name}\n")
    assert not any("two-" in path.read_text() for path in digest)
    assert json.loads((workspace.archive / "archive" / "index.json").read_text())["days"][0]["counts"]["articles"] == 3

    # If the command was interrupted before it changed the digest, a second command removes the article there.
    key = key_of(workspace, "one")
    before = {path: path.read_bytes() for path in digest}
    workspace.run("forget", key)
    for path, data in before.items():
        path.write_bytes(data)
    result = workspace.run("forget", "https://example.org/one")
    assert result.stdout.splitlines()[-1] == f"updated the digest of {name}"
    assert not any("/one-" in path.read_text() for path in digest if path.exists())


def test_the_page_of_its_site_is_removed_too(workspace: Workspace) -> None:
    workspace.run("digest")
    (day,) = (workspace.archive / "pages").glob("*/*/*")
    pages = {path.name for path in day.iterdir()}
    assert pages == {"index.html", "example.org.html", "mira.example.html", "nell.example.html"}
    workspace.run("forget", key_of(workspace, "mira-on-one"))
    assert {path.name for path in day.iterdir()} == pages - {"mira.example.html"}


def test_an_unknown_article_fails_after_all_others_are_forgotten(workspace: Workspace) -> None:
    key = key_of(workspace, "one")
    unknown = key.replace("/one-", "/won-")[:-15] + "0" * 12 + ".md"
    result = workspace.run("forget", "https://example.org/nothing", unknown, "gibberish", key)
    assert (result.status, result.stdout) == (1, f"removed {key}\n")
    for name in ("https://example.org/nothing", unknown, "gibberish"):
        assert f"{name}: no article in my-archive has this file or link" in result.stderr
    assert len(workspace.articles()) == 3


def test_a_forgotten_article_is_not_archived_again_even_without_state(workspace: Workspace, archived: Archived) -> None:
    key = key_of(workspace, "one")
    workspace.run("forget", key)
    left = workspace.articles()
    shutil.rmtree(workspace.archive / "state")
    edited = rss(Item("One", ONE, text="Other words, and more of them."), Item("Two", "https://example.org/two"))
    archived.server.serve("/own", edited)
    result = workspace.run("fetch", "--all", "--json")
    assert (result.status, result.report["articles"]["new"]) == (0, 0)
    assert workspace.articles() == left


def test_only_in_an_archive(tmp_path: Path) -> None:
    result = Workspace(tmp_path).run("forget", ONE)
    assert (result.status, result.stdout) == (1, "")
    assert result.stderr == (
        'feedarchive: "my-archive" is not an archive (no archive.json): run feedarchive init to create one, or '
        "feedarchive add URL to create it with a first feed\n"
    )
    assert list(tmp_path.iterdir()) == []
