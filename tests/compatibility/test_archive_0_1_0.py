"""This program writes the same bytes as release 0.1.0, and continues an archive of that release."""

from __future__ import annotations

import json
import shutil
from collections.abc import Mapping
from pathlib import Path
from random import Random
from typing import Any

import pytest

from feedarchive.archive.forget import forget
from feedarchive.archive.open_archive import open_archive
from feedarchive.builds.builder import DigestBuilder
from feedarchive.run import Run
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.compatibility import scenario
from tests.harness.clock import Clock
from tests.harness.digests import RecordingAnnouncer

OLD = Path(__file__).with_name("archive_0_1_0")
_COMPARED = ("archive", "claims/", "days/", "feeds")
# Messages for people: any release may improve their wording.
MESSAGES = ("error", "damage")
# Later releases add fields, which 0.1.0 ignores.
ADDED = ("advertised_feeds", "text_rules", "validators_url", "unmodified_since", "untrue_304")


def _run(store: Store, clock: Clock, documents: Mapping[str, scenario.Response]) -> None:
    archive = open_archive(store, scenario.FEEDS)
    with scenario.serving(clock, documents):
        run = Run(store, archive, clock, random=Random(1))
        run.execute(run.plan())


def _build(store: Store, clock: Clock) -> None:
    archive = open_archive(store, scenario.FEEDS)
    DigestBuilder(store, archive.time_zone, archive.feeds.feeds, clock(), archive.problem).build_due(
        RecordingAnnouncer()
    )


def _files(folder: Path) -> dict[str, bytes]:
    """Every file that programs read, except state, which is compared by value."""
    files = {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
    return {key: data for key, data in files.items() if key.startswith(_COMPARED) and not key.endswith(".html")}


def _state(folder: Path) -> dict[str, Any]:
    state: dict[str, Any] = json.loads((folder / "state" / "all.json").read_bytes())
    for feed in state["feeds"].values():
        for name in (*MESSAGES, *ADDED):
            feed.pop(name, None)
    # On purpose different since 0.1.0: a rate limit applies to a host and port.
    state["hosts"] = {host.partition(":")[0]: limit for host, limit in state["hosts"].items()}
    return state


def test_the_same_input_gives_the_same_bytes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    # On purpose different since 0.1.0: a post without a title was "untitled" in its file name.
    monkeypatch.setattr("feedarchive.archive.archiver.name_of", lambda article: article.title)
    scenario.play(FolderStore(tmp_path), Clock(), _run, _build, forget)
    assert _files(tmp_path) == _files(OLD)
    assert _state(tmp_path) == _state(OLD)


@pytest.mark.parametrize("lost", ["nothing", "state"])
def test_an_archive_of_0_1_0_continues_and_adds_nothing(tmp_path: Path, lost: str) -> None:
    shutil.copytree(OLD, tmp_path, dirs_exist_ok=True)
    if lost == "state":
        shutil.rmtree(tmp_path / "state")
    clock = Clock()
    clock.move(days=3)
    _run(FolderStore(tmp_path), clock, scenario.documents(edited=True))
    assert _files(tmp_path) == _files(OLD)
