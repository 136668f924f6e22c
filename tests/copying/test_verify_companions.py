"""``verify`` finds damage of companions and their claims in all its modes, and ``repair`` mends it."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from feedarchive.archive.claim import claim_key
from feedarchive.digest.companion import parse_companion_file
from feedarchive.digest.index import parse_index
from feedarchive.store.folder import FolderStore
from feedarchive.verification.findings import Fault
from feedarchive.verification.repair_claims import ClaimRepair
from feedarchive.verification.repair_files import expected_hashes, repair_files
from feedarchive.verification.verify_archive import ArchiveCheck, Verification
from feedarchive.verification.verify_chain import read_records
from tests.copying.archives import copy, files, make_archive
from tests.harness.clock import Clock


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All files of a sound archive."""
    store = FolderStore(tmp_path_factory.mktemp("sound"))
    make_archive(store, Clock())
    return files(store)


@pytest.fixture
def store(sound: dict[str, bytes], tmp_path: Path) -> FolderStore:
    archive = FolderStore(tmp_path / "archive")
    for key, data in sound.items():
        archive.create(key, data)
    return archive


def _verify(store: FolderStore, quick: bool = False) -> Verification:
    clock = Clock()
    clock.move(days=2)
    return ArchiveCheck(store, clock(), quick=quick).run()


def _companion(store: FolderStore, ending: str) -> str:
    return next(key for key in store.list("archive/") if key.endswith(ending))


def _claim(store: FolderStore, key: str) -> Path:
    stored = store.read(key)
    companion = parse_companion_file(key, stored.data) if stored else None
    assert companion
    return Path(store.location) / claim_key(companion.claim_name)


@pytest.mark.parametrize("ending", [".full.md", ".full.r2.md", ".media.json"])
@pytest.mark.parametrize(
    ("damage", "fault", "quick"),
    [
        (lambda path: path.unlink(), Fault.MISSING, True),
        (lambda path: path.write_bytes(path.read_bytes() + b"x\n"), Fault.CHANGED, True),
        (lambda path: path.write_bytes(path.read_bytes()[:-3]), Fault.TRUNCATED, False),
        (lambda path: path.write_bytes(b"?" + path.read_bytes()[1:]), Fault.CHANGED, False),
    ],
    ids=["missing", "longer", "truncated", "other bytes"],
)
def test_a_damaged_companion_is_named_and_put_back_from_a_copy(
    store: FolderStore, tmp_path: Path, ending: str, damage: Callable[[Path], object], fault: Fault, quick: bool
) -> None:
    good, key = FolderStore(tmp_path / "good"), _companion(store, ending)
    copy(store, good)
    before = files(store)
    damage(Path(store.location) / key)
    found = _verify(store)
    assert [(each.key, each.fault) for each in found.findings] == [(key, fault)]
    if quick:
        assert [(each.key, each.fault) for each in _verify(store, quick=True).findings] == [(key, fault)]
    hashes = found.days.hashes
    index = parse_index(before["archive/index.json"])
    repaired = repair_files(store, good, expected_hashes(found.findings, hashes, index, read_records(store)))
    assert repaired.repaired == (key,)
    assert files(store) == before


def _with(name: str, value: object) -> Callable[[Path], object]:
    def change(path: Path) -> None:
        claim: dict[str, Any] = json.loads(path.read_bytes())
        path.write_text(json.dumps({**claim, name: value}, ensure_ascii=False) + "\n")

    return change


@pytest.mark.parametrize("ending", [".full.r2.md", ".media.json"])
@pytest.mark.parametrize(
    ("damage", "fault"),
    [
        (lambda path: path.unlink(), Fault.CLAIM_MISSING),
        (lambda path: path.write_bytes(b"{"), Fault.CLAIM_DAMAGED),
        (_with("wording", "1:0123456789abcdef"), Fault.CLAIM_DIFFERS),
        (_with("title", "1:0123456789abcdef"), Fault.CLAIM_DIFFERS),
        (_with("guid", "tag:0"), Fault.CLAIM_DIFFERS),
        (_with("time", "2025-12-25T10:00:01Z"), Fault.CLAIM_DIFFERS),
        (_with("feed", "another-feed"), Fault.CLAIM_DIFFERS),
    ],
    ids=["missing", "truncated", "wording", "title", "guid", "time", "feed"],
)
def test_a_claim_that_does_not_fit_its_companion_is_named(
    store: FolderStore, ending: str, damage: Callable[[Path], object], fault: Fault
) -> None:
    path = _claim(store, _companion(store, ending))
    before = path.read_bytes()
    damage(path)
    key = path.relative_to(store.location).as_posix()
    assert [(each.key, each.fault) for each in _verify(store).findings] == [(key, fault)]
    if fault is not Fault.CLAIM_DIFFERS:
        assert ClaimRepair(store, "UTC", {}).repair() == 1
        assert path.read_bytes() == before
        assert _verify(store).findings == ()


@pytest.mark.parametrize(
    ("old", "new", "faults"),
    [
        (".full.md", ".full.json", {Fault.FOREIGN}),
        (".full.md", ".other.md", {Fault.FOREIGN}),
        ("article-0-", "article-00-", {Fault.UNLISTED, Fault.DOUBLED}),
        (".full.md", ".full.r9.md", {Fault.UNLISTED}),
    ],
)
def test_a_file_that_only_looks_like_a_companion_is_named(
    store: FolderStore, old: str, new: str, faults: set[Fault]
) -> None:
    key = _companion(store, ".full.md")
    other = key.replace(old, new)
    store.create(other, (Path(store.location) / key).read_bytes())
    findings = _verify(store).findings
    assert {(each.key, each.fault) for each in findings} == {(other, fault) for fault in faults}
    assert all(key in each.line for each in findings if each.fault is Fault.DOUBLED)
