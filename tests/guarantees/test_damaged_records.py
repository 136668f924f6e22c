"""Each record has the hash of an earlier one. The index has the hashes of the newest, so their damage is found too."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from feedarchive.cli.main import main
from feedarchive.hashes import sha256_of
from feedarchive.store.folder import FolderStore
from feedarchive.verification.verify_archive import ArchiveCheck
from tests.copying.archives import SHOWN, copy, make_archive
from tests.harness.clock import Clock
from tests.harness.digests import build
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item

NEWEST = "days/2025-12-26.json"
CHANGE = "days/2025-12-25.after-2025-12-26.json"


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> FolderStore:
    """An archive in which an announced day was changed. The change was recorded after the newest day was."""
    store = FolderStore(tmp_path / "archive")
    make_archive(store, clock)
    return store


def found(store: FolderStore, clock: Clock) -> list[tuple[str, str]]:
    return [(each.key, each.fault.value) for each in ArchiveCheck(store, clock()).run().findings]


def next_day(store: FolderStore, clock: Clock) -> None:
    clock.move(days=1)
    FeedArchiver(store, clock, stateless=True).poll(
        *SHOWN, Item(f"Of {clock():%d}", link=f"https://a.example/{clock():%d}")
    )
    build(store, clock())


def flip(path: Path) -> None:
    """Change a digit of the time in a record."""
    data = path.read_bytes()
    at = data.index(b"Z") - 1
    path.write_bytes(data[:at] + bytes([data[at] ^ 1]) + data[at + 1 :])


def test_the_index_has_the_hashes_of_the_newest_record_and_of_the_changes_since(
    store: FolderStore, clock: Clock
) -> None:
    def index() -> dict[str, object]:
        return dict(json.loads((Path(store.location) / "archive/index.json").read_bytes()))

    def sha256(key: str) -> str:
        return sha256_of((Path(store.location) / key).read_bytes())

    assert index()["newest_record"] == {"day": "2025-12-26", "sha256": sha256(NEWEST)}
    assert index()["changes"] == {CHANGE: sha256(CHANGE)}
    next_day(store, clock)
    assert json.loads((Path(store.location) / "days/2025-12-27.json").read_bytes())["changes"] == {
        CHANGE: sha256(CHANGE)
    }
    assert "changes" not in index()
    assert found(store, clock) == []


@pytest.mark.parametrize(
    ("key", "damage", "fault"),
    [
        (NEWEST, flip, "record-changed"),
        (CHANGE, flip, "record-changed"),
        (CHANGE, Path.unlink, "record-missing"),
    ],
    ids=["the newest record", "a change since then", "a lost record of a change"],
)
def test_a_damaged_record_is_named_until_it_is_repaired(
    store: FolderStore, clock: Clock, tmp_path: Path, key: str, damage: Callable[[Path], None], fault: str
) -> None:
    copy(store, FolderStore(tmp_path / "copy"))
    damage(Path(store.location) / key)
    assert (key, fault) in found(store, clock)
    build(store, clock())
    assert (key, fault) in found(store, clock)
    next_day(store, clock)
    next_day(store, clock)
    assert (key, fault) in found(store, clock)
    assert main(["repair", "--archive", store.location, str(tmp_path / "copy")]) == 0
    assert found(store, clock) == []
