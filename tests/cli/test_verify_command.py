"""``feedarchive verify`` and ``feedarchive repair``: what they print and how they exit."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from feedarchive.store.folder import FolderStore
from tests.cli.command import Workspace
from tests.copying.archives import files, make_archive
from tests.harness.clock import Clock


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    make_archive(FolderStore(tmp_path / "my-archive"), Clock())
    shutil.copytree(tmp_path / "my-archive", tmp_path / "copy")
    return Workspace(tmp_path)


def test_a_sound_archive_is_well(workspace: Workspace) -> None:
    done = workspace.run("verify")
    assert done.status == 0
    assert "files that match the digests: 18 (" in done.stdout
    assert "; all is well\nthe chain of records covers 2 days; its newest record: " in done.stdout
    assert "2 forgotten (archive/2025/12/25/example.org/article-7-" in done.stdout
    assert workspace.run("verify", "my-archive", "--quick").status == 0


def test_damage_is_named_with_what_to_do_and_repaired_from_a_copy(workspace: Workspace) -> None:
    sound = files(FolderStore(workspace.archive))
    article = next(workspace.archive.glob("archive/2025/12/25/*/article-3*.md"))
    key = article.relative_to(workspace.archive).as_posix()
    article.write_bytes(article.read_bytes().replace(b"Story", b"story"))
    claim = next(path for path in workspace.archive.glob("claims/*/*") if b'"key"' in path.read_bytes())
    claim.unlink()
    done = workspace.run("verify", "--against", "copy")
    assert done.status == 1
    line = (
        f"{key}: the file was changed: its hash is not the one in the digest; "
        "put it back from a copy with feedarchive repair"
    )
    assert f"{line}; undamaged in copy\n" in done.stdout
    assert "2 problems found" in done.stdout
    report = json.loads(workspace.run("verify", "--json", "--against", "copy").stdout)
    assert [(each["fault"], each.get("good_in_other")) for each in report["findings"]] == [
        ("changed", True), ("claim-missing", None),
    ]  # fmt: skip
    assert report["chain"]["days"] == 2
    assert workspace.run("verify", "--quick").status == 1  # finds the missing claim
    assert workspace.run("repair").status == 1  # restores the claim, but has no copy of the article
    done = workspace.run("repair", "copy")
    assert done.status == 0
    assert f"repaired {key}\n" in done.stdout
    assert files(FolderStore(workspace.archive)) == sound


def test_a_run_without_claims_names_repair(workspace: Workspace) -> None:
    shutil.rmtree(workspace.archive / "claims")
    done = workspace.run("fetch")
    assert done.status == 1
    assert "its folder claims/ is lost" in done.stderr
    assert "run feedarchive repair" in done.stderr
    assert len(done.stderr.splitlines()) == 1
    workspace.run("repair")
    assert list((workspace.archive / "claims").iterdir())


def test_a_place_that_is_no_archive_is_one_line(workspace: Workspace) -> None:
    done = workspace.run("verify", "nowhere")
    assert (done.status, done.stderr) == (
        1, "feedarchive: nowhere has neither an index nor articles: it is not an archive\n",
    )  # fmt: skip
