"""``feedarchive copy``: what it prints, its exit statuses, and its one line for each wrong destination."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feedarchive.store.folder import FolderStore
from tests.cli.command import CommandResult, Workspace
from tests.copying.archives import files, make_archive
from tests.harness.clock import Clock


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    make_archive(FolderStore(tmp_path / "my-archive"), Clock())
    return Workspace(tmp_path)


def _copy(workspace: Workspace, *arguments: str) -> CommandResult:
    return workspace.run("copy", "my-archive", "copy", *arguments)


def test_a_copy_says_what_it_copied_and_the_next_that_all_is_there(workspace: Workspace) -> None:
    done = _copy(workspace, "--everything")
    number = len(files(FolderStore(workspace.archive)))
    assert done.status == 0
    assert done.stdout.startswith(f"copied {number} files (")
    assert done.stdout.endswith(" kB) to copy\n")
    assert done.stderr == ""
    assert _copy(workspace, "--everything").stdout == "copy is up to date\n"
    assert json.loads(_copy(workspace, "--everything", "--json").stdout) == {
        "days": 0, "files": 0, "bytes": 0, "removed": [], "problems": [],
    }  # fmt: skip


def test_problems_are_named_with_exit_status_1(workspace: Workspace) -> None:
    lost = next(workspace.archive.glob("archive/2025/12/25/*/article-3*.md"))
    lost.unlink()
    done = _copy(workspace, "--everything")
    key = lost.relative_to(workspace.archive).as_posix()
    assert (done.status, done.stderr.splitlines()) == (1, [
        f"feedarchive: {key}: the source lists the file but does not have it",
        "feedarchive: the copy is not complete, so archive.json was not written to copy; "
        "solve these problems and run the command again",
    ])  # fmt: skip


@pytest.mark.parametrize(
    ("arguments", "status", "message"),
    [
        (("nowhere", "copy"), 1, "nowhere has no archive/index.json: it is not an archive, or not a copy of one"),
        (("my-archive", "my-archive"), 1, "my-archive is both source and destination; give two locations"),
        (("my-archive", "my-archive/file/copy"), 1, "my-archive/file is a file, but a folder is needed"),
        (
            ("my-archive", "copy", "--everything", "--days", "3"),
            2,
            "--everything copies the whole archive: leave out --days",
        ),
        (("my-archive", "ftp://example.org"), 2, "'ftp://example.org' is not an archive location"),
    ],
)
def test_a_wrong_destination_ends_in_one_line(
    workspace: Workspace, arguments: tuple[str, ...], status: int, message: str
) -> None:
    (workspace.archive / "file").write_text("x\n")
    done = workspace.run("copy", *arguments)
    assert (done.status, done.stdout) == (status, "")
    assert message in done.stderr
    assert len(done.stderr.splitlines()) == 1


def test_a_terminal_shows_a_bar_with_bytes(workspace: Workspace) -> None:
    status, screen = workspace.run_on_terminal("copy", "my-archive", "copy")
    assert status == 0
    assert "copying" in screen
    assert "kB" in screen
    assert "to copy" in screen
