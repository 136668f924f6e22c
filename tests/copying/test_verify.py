"""``verify`` finds and names damage, and reports nothing for a sound archive."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from feedarchive.archive.forget import forget
from feedarchive.archive.manifest import InvalidArchive, NotAnArchive
from feedarchive.archive.open_archive import open_archive
from feedarchive.copying.selection import Selection
from feedarchive.digest.index import parse_index
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from feedarchive.verification.findings import Fault
from feedarchive.verification.repair_claims import ClaimRepair
from feedarchive.verification.repair_files import expected_hashes, repair_files
from feedarchive.verification.verify_archive import ArchiveCheck, Verification
from feedarchive.verification.verify_chain import read_records
from tests.copying.archives import FEEDS, copy, fetch_again, files, make_archive
from tests.copying.random_changes import run_trials
from tests.harness.clock import Clock
from tests.harness.digests import SITE, build
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item

COMPATIBLE = Path(__file__).parents[1] / "compatibility" / "archive_0_1_0"


def _verify(store: Store, clock: Clock, quick: bool = False) -> Verification:
    return ArchiveCheck(store, clock(), quick=quick).run()


def _faults(found: Verification) -> list[tuple[str, Fault]]:
    return [(each.key, each.fault) for each in found.findings]


def test_random_changes_are_found_and_named(tmp_path: Path) -> None:
    found, missed = run_trials(tmp_path, 40, seed=7)
    assert missed == []
    assert len(found) >= 5


def test_a_sound_archive_is_well_wherever_it_is(store: Store, clock: Clock) -> None:
    make_archive(store, clock)
    for quick in (False, True):
        found = _verify(store, clock, quick)
        assert found.findings == ()
        assert found.days.files == 18
        assert found.chain is not None
        assert found.chain.days == 2
        assert [note.text for note in found.notes] == [
            f"changed on 2025-12-27, after the day was announced: 2 forgotten ({', '.join(_forgotten(store))})"
        ]
    FeedArchiver(store, clock).poll(Item("New", link=f"{SITE}/new", text="In no digest yet."))
    for quick in (False, True):
        assert _verify(store, clock, quick).findings == ()


def _forgotten(store: Store) -> list[str]:
    record = store.read("days/2025-12-25.after-2025-12-26.json")
    assert record is not None
    return list(json.loads(record.data)["removed"])


def test_an_archive_of_0_1_0_is_well(tmp_path: Path, clock: Clock) -> None:
    import shutil

    shutil.copytree(COMPATIBLE, tmp_path / "archive")
    found = _verify(FolderStore(tmp_path / "archive"), clock)
    assert found.findings == ()
    assert found.chain is not None
    assert found.chain.days == 0


def test_a_copy_of_the_content_is_checked_without_claims(tmp_path: Path, clock: Clock) -> None:
    source, content = FolderStore(tmp_path / "source"), FolderStore(tmp_path / "content")
    make_archive(source, clock)
    copy(source, content, everything=False)
    found = _verify(content, clock)
    assert (found.findings, found.has_claims, found.chain) == ((), False, None)
    (key,) = [key for key in files(content) if "article-3" in key]
    content.delete(key)
    assert _faults(_verify(content, clock)) == [(key, Fault.MISSING)]
    assert ArchiveCheck(content, clock(), Selection(days=1)).run().findings == ()
    with pytest.raises(NotAnArchive, match="it is not an archive"):
        _verify(FolderStore(tmp_path / "nowhere"), clock)


def test_changes_after_the_announcement_are_told_apart_from_damage(tmp_path: Path, clock: Clock) -> None:
    store = FolderStore(tmp_path / "archive")
    make_archive(store, clock)
    clock.move(days=1)
    build(store, clock())
    forget(store, f"{SITE}/8", clock())
    build(store, clock())
    found = _verify(store, clock)
    assert found.findings == ()
    assert len(found.notes) == 2
    # Without the change record, the same files count as damage: somebody may have rewritten the day and its digest.
    record = sorted(key for key in files(store) if ".after-" in key)[-1]
    store.delete(record)
    assert Fault.NOT_AS_RECORDED in {fault for _, fault in _faults(_verify(store, clock))}


def test_a_rewritten_day_with_all_hashes_made_again_does_not_fit_the_chain(tmp_path: Path, clock: Clock) -> None:
    store = FolderStore(tmp_path / "archive")
    make_archive(store, clock)
    (key,) = [key for key in files(store) if "article-4" in key]
    path = tmp_path / "archive" / key
    path.write_bytes(path.read_bytes().replace(b"Story 4", b"Story X"))
    for derived in ("archive/2025/12/25/digest.json", "archive/index.json"):
        store.delete(derived)
    build(store, clock())
    assert ("days/2025-12-25.json", Fault.NOT_AS_RECORDED) in _faults(_verify(store, clock))


def test_files_are_put_back_only_where_a_hash_proves_them(tmp_path: Path, clock: Clock) -> None:
    store, good = FolderStore(tmp_path / "archive"), FolderStore(tmp_path / "good")
    make_archive(store, clock)
    copy(store, good)
    before = files(store)
    root = tmp_path / "archive"
    damaged = [next(key for key in before if f"article-{number}" in key) for number in (1, 2, 3)]
    (root / damaged[0]).unlink()
    (root / damaged[1]).write_bytes(b"")
    (root / damaged[2]).write_bytes(before[damaged[2]][:-2] + b"x\n")
    (root / "archive/2025/12/26/digest.json").write_bytes(b"{}\n")
    (root / "days/2025-12-25.json").unlink()
    bad = tmp_path / "good" / damaged[2]
    bad.write_bytes(b"not the right one either\n")
    found = _verify(store, clock)
    hashes = found.days.hashes
    index = parse_index(before["archive/index.json"])
    done = repair_files(store, good, expected_hashes(found.findings, hashes, index, read_records(store)))
    assert set(done.repaired) == {*damaged[:2], "archive/2025/12/26/digest.json", "days/2025-12-25.json"}
    assert done.not_found == (damaged[2],)
    bad.write_bytes(before[damaged[2]])
    found = _verify(store, clock)
    repair_files(store, good, expected_hashes(found.findings, hashes, index, read_records(store)))
    assert files(store) == before


@pytest.mark.parametrize("digests", [True, False])
def test_lost_claims_stop_a_run_and_are_made_again(tmp_path: Path, clock: Clock, digests: bool) -> None:
    store = FolderStore(tmp_path / "archive")
    make_archive(store, clock)
    tombstones = {key: data for key, data in files(store).items() if b'"deleted"' in data}
    before = files(store)
    for key in [key for key in before if key.startswith("claims/")]:
        store.delete(key)
    if not digests:
        for key in [key for key in before if key.endswith("digest.json")]:
            store.delete(key)
    with pytest.raises(InvalidArchive, match=r"its folder claims/ is lost.*feedarchive repair"):
        open_archive(store, FEEDS)
    if digests:
        assert _faults(_verify(store, clock)) == [("claims/", Fault.CLAIMS_LOST)]
    written = ClaimRepair(store, "UTC", {}).repair()
    claims = {key: data for key, data in before.items() if key.startswith("claims/")}
    made = {key: data for key, data in files(store).items() if key.startswith("claims/")}
    names = {key.partition("claims/")[2][3:35] for key in tombstones}
    same = {key: data for key, data in claims.items() if key not in tombstones and not _names(data, names)}
    assert made == same
    assert written == len(made)
    for key, data in tombstones.items():
        store.create(key, data)
    assert fetch_again(store, clock) == 0


def _names(data: bytes, ids: set[str]) -> bool:
    return json.loads(data).get("names") in ids


def test_damaged_claims_are_made_again(tmp_path: Path, clock: Clock) -> None:
    store = FolderStore(tmp_path / "archive")
    make_archive(store, clock)
    before = files(store)
    lost, damaged = [key for key in before if key.startswith("claims/") and b'"key"' in before[key]][:2]
    store.delete(lost)
    (tmp_path / "archive" / damaged).write_bytes(b"{}")
    assert {fault for _, fault in _faults(_verify(store, clock))} >= {Fault.CLAIM_DAMAGED, Fault.CLAIM_MISSING}
    assert ClaimRepair(store, "UTC", {}).repair() == 2
    assert files(store) == before
