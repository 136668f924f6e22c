"""``feedarchive history`` and ``diff``: all versions of an article, and what changed in it."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from feedarchive.store.folder import FolderStore
from tests.cli.command import Workspace
from tests.harness.clock import Clock
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import feed_server
from tests.harness.full_texts import complete, full_texts

LINK = "https://example.org/bridge"
TEXTS = ("The council met on Tuesday. It keeps the arches.", "The council met on Wednesday. It keeps the arches.")


@pytest.fixture(scope="module")
def archived(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Workspace]:
    """An article about a bridge with three versions, an article whose link leads to another site, and six others.

    The program knows the second article only by its GUID, because its link leads to another site.
    """
    workspace = Workspace(tmp_path_factory.mktemp("desk"))
    others = [Item(f"Rest {n}", f"https://example.org/rest/{n}", text=f"Number {n}.") for n in range(6)]
    away = Item("Elsewhere", "https://other.example/page?utm_source=x", "tag:away")
    versions = [("The bridge", TEXTS[0]), ("The bridge", TEXTS[1]), ("The old bridge", TEXTS[1])]
    with feed_server() as server:
        for title, text in versions:
            workspace.write_feeds(f'url = "{server.serve("/feed", rss(Item(title, LINK, text=text), away, *others))}"')
            assert workspace.run("fetch", "--all").status == 0
        yield workspace


@pytest.fixture
def workspace(archived: Workspace, tmp_path: Path) -> Workspace:
    shutil.copytree(archived.folder, tmp_path, dirs_exist_ok=True)
    return Workspace(tmp_path)


def keys(workspace: Workspace) -> list[str]:
    """The files of the article about the bridge, the first version first."""
    return sorted((key for key in workspace.articles() if "bridge" in key), key=len)


def test_every_version_is_listed_from_any_of_its_files_and_its_link(workspace: Workspace) -> None:
    found = keys(workspace)
    reports = [workspace.run("history", "--json", name).report for name in (*found, f"my-archive/{found[1]}", LINK)]
    assert reports == [reports[0]] * 5
    (article,) = reports[0]["articles"]
    rows = [(row["version"], row["key"], row["words_added"], row["words_removed"]) for row in article["versions"]]
    assert rows == [(1, found[0], None, None), (2, found[1], 1, 1), (3, found[2], 1, 0)]
    assert [row["bytes"] for row in article["versions"]] == [
        (workspace.folder / "my-archive" / key).stat().st_size for key in found
    ]
    result = workspace.run("history", LINK)
    assert (result.status, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "The old bridge"
    for number, change in enumerate(("first version", "1 word added, 1 removed", "1 word added"), 1):
        assert lines[3 + number].split()[0] == str(number)
        assert change in lines[3 + number]
        assert found[number - 1] in lines[3 + number]


def test_full_texts_are_listed_with_the_version_that_they_are_of(workspace: Workspace) -> None:
    store, found = FolderStore(workspace.folder / "my-archive"), keys(workspace)
    assert workspace.run("history", "--json", LINK).report["articles"][0]["full_texts"] == []
    complete(store, Clock(), found[1], "All that the page says about the bridge.")
    (full,) = full_texts(store)
    reports = [workspace.run("history", "--json", name).report["articles"] for name in (LINK, full)]
    assert reports[0] == reports[1]
    (listed,) = reports[0][0]["full_texts"]
    assert (listed["key"], listed["of"], listed["words"]) == (full, found[1], 8)
    assert len(reports[0][0]["versions"]) == 3
    (line,) = [line for line in workspace.run("history", LINK).stdout.splitlines() if full in line]
    assert "full text of version 2, 8 words" in line


def test_a_link_of_another_site_is_found_in_the_digests(workspace: Workspace) -> None:
    link = "https://other.example/page"
    result = workspace.run("history", link)
    assert (result.status, result.stdout) == (1, "")
    assert result.stderr == (
        f"feedarchive: {link}: no article in my-archive has this link; if the article is new, run feedarchive "
        "digest first, or name its file\n"
    )
    assert workspace.run("digest").status == 0
    (article,) = workspace.run("history", "--json", link).report["articles"]
    assert [row["version"] for row in article["versions"]] == [1]
    result = workspace.run("diff", link)
    assert (result.status, result.stdout) == (0, f"{link}: there is no earlier version to compare with\n")


def test_lost_claims_lose_no_version_and_a_removed_file_is_named(workspace: Workspace) -> None:
    found = keys(workspace)
    shutil.rmtree(workspace.folder / "my-archive/claims")
    (article,) = workspace.run("history", "--json", found[2]).report["articles"]
    assert [row["key"] for row in article["versions"]] == found
    workspace = Workspace(workspace.folder)
    (workspace.folder / "my-archive" / found[1]).write_bytes(b"---\ntitle:")
    assert "removed or truncated" in workspace.run("history", found[0]).stdout


def test_what_changed_word_by_word(workspace: Workspace) -> None:
    first, second, third = keys(workspace)
    result = workspace.run("diff", second)
    assert (result.status, result.stderr) == (0, "")
    assert result.stdout == (
        f"version 1: {first}\nversion 2: {second}\n1 word added, 1 removed\n\n"
        "The council met on [-Tuesday-] {+Wednesday+}. It keeps the arches.\n"
    )
    last = f"version 2: {second}\nversion 3: {third}\n1 word added\n\nTitle: The {{+old+}} bridge\n"
    for name in (LINK, first, third):
        assert workspace.run("diff", name).stdout == last
    assert "2 words added, 1 removed" in workspace.run("diff", "--from", "1", LINK).stdout
    result = workspace.run("diff", "--from", "1", "--to", "7", LINK)
    assert (result.status, result.stderr) == (2, f"feedarchive: {LINK}: it has no version 7, only 1, 2, 3\n")


def test_what_changed_as_json(workspace: Workspace) -> None:
    _, second, third = keys(workspace)
    assert workspace.run("diff", "--json", LINK).report == {
        "diffs": [
            {
                "from": {"version": 2, "key": second},
                "to": {"version": 3, "key": third},
                "words_added": 1,
                "words_removed": 0,
                "title": [
                    {"kind": "same", "text": "The "},
                    {"kind": "added", "text": "old"},
                    {"kind": "same", "text": " bridge"},
                ],
                "passages": [],
            }
        ]
    }


@pytest.mark.parametrize("command", ["history", "diff"])
def test_an_unknown_file_is_named(workspace: Workspace, command: str) -> None:
    for name in ("nothing.md", "archive/2025/12/25/example.org/a-0123456789ab.md"):
        result = workspace.run(command, name)
        assert (result.status, result.stdout) == (1, "")
        assert result.stderr == f"feedarchive: {name}: no article in my-archive has this file\n"
