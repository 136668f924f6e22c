"""Pictures and enclosures are verified by their hashes, repaired from a copy, and copied with their articles."""

from __future__ import annotations

import io
from datetime import date
from pathlib import Path

import pytest

from feedarchive.archive.forget import forget
from feedarchive.archive.open_archive import open_archive
from feedarchive.cli.main import main
from feedarchive.copying.copy_archive import ArchiveCopy
from feedarchive.copying.report import CopyProblem
from feedarchive.copying.selection import Selection
from feedarchive.media.forget_media import forget_media
from feedarchive.media.remove_unused import remove_unused, removed_objects
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from feedarchive.verification.findings import Fault
from feedarchive.verification.repair_files import expected_hashes, repair_files
from feedarchive.verification.verify_archive import ArchiveCheck, Verification
from feedarchive.verification.verify_chain import read_records
from tests.copying.archives import FEEDS
from tests.harness.clock import Clock
from tests.harness.digests import build
from tests.harness.failing_store import FailingStore, Killed
from tests.harness.media import Completing, Publisher, lists, objects
from tests.media.pictures import MP3, png

UNUSED = f"media/ab/ab{'0' * 62}.png"


@pytest.fixture
def archive(folder_store: FolderStore, clock: Clock, site: Publisher) -> FolderStore:
    make_archive(folder_store, clock, site)
    return folder_store


def make_archive(store: Store, clock: Clock, site: Publisher) -> None:
    """Two articles with a picture in common, on two days, and an episode."""
    open_archive(store, FEEDS, time_zone="UTC")
    completing = Completing(store, clock)
    completing.archive(site.article("/a.png", link="1"))
    completing.run()
    clock.move(days=1)
    build(store, clock())
    completing.archive(site.article("/a.png", "/b.svg", link="2"))
    completing.archive_episode((site.serve("/e.mp3", MP3), "audio/mpeg"))
    completing.run()
    build(store, clock())


def verify(store: Store, clock: Clock, quick: bool = False) -> Verification:
    return ArchiveCheck(store, clock(), quick=quick).run()


def faults(found: Verification) -> list[tuple[str, Fault]]:
    return [(each.key, each.fault) for each in found.findings]


def key_of(store: Store, data: bytes) -> str:
    return next(key for key, stored in objects(store).items() if stored == data)


def test_a_sound_archive_is_well_wherever_it_is(store: Store, clock: Clock, site: Publisher) -> None:
    make_archive(store, clock, site)
    size = sum(map(len, objects(store).values()))
    for quick in (False, True):
        found = verify(store, clock, quick)
        assert (found.findings, found.notes) == ((), ())
        assert (found.media.objects, found.media.bytes) == (3, size)


def test_damage_is_named_and_repaired_from_a_copy(tmp_path: Path, archive: FolderStore, clock: Clock) -> None:
    copy = FolderStore(tmp_path / "copy")
    ArchiveCopy(archive, copy, everything=True).run()
    good = objects(archive)
    missing, other, shorter = sorted(good)
    archive.delete(missing)
    Path(archive.location, other).write_bytes(bytes(len(good[other])))
    Path(archive.location, shorter).write_bytes(good[shorter][:-1])
    Path(archive.location, "media", "notes.txt").write_text("mine\n")
    found = verify(archive, clock)
    damage = [(missing, Fault.MEDIA_MISSING), (other, Fault.MEDIA_CHANGED), (shorter, Fault.MEDIA_CHANGED)]
    assert faults(found) == [*damage, ("media/notes.txt", Fault.FOREIGN)]
    assert faults(verify(archive, clock, quick=True)) == [damage[0], damage[2], ("media/notes.txt", Fault.FOREIGN)]
    expected = expected_hashes(found.findings, {}, None, read_records(archive))
    done = repair_files(archive, copy, expected)
    assert (sorted(done.repaired), done.not_found) == ([missing, other, shorter], ())
    Path(archive.location, "media", "notes.txt").unlink()
    assert objects(archive) == good
    assert verify(archive, clock).findings == ()


def test_a_copy_that_is_damaged_too_repairs_nothing(tmp_path: Path, archive: FolderStore, clock: Clock) -> None:
    copy = FolderStore(tmp_path / "copy")
    ArchiveCopy(archive, copy, everything=True).run()
    key = key_of(archive, MP3)
    archive.delete(key)
    Path(copy.location, key).write_bytes(b"ID3 something else")
    expected = expected_hashes(verify(archive, clock).findings, {}, None, read_records(archive))
    done = repair_files(archive, copy, expected)
    assert (done.repaired, done.not_found) == ((), (key,))
    assert key not in objects(archive)


def test_what_an_interrupted_run_left_is_a_note_and_can_be_removed(archive: FolderStore, clock: Clock) -> None:
    archive.create_from(UNUSED, io.BytesIO(b"x"))
    found = verify(archive, clock)
    assert (found.findings, found.media.unused) == ((), (UNUSED,))
    assert [note.key for note in found.notes] == [UNUSED]
    assert remove_unused(archive, found.media.unused) == [UNUSED]
    assert verify(archive, clock).notes == ()


def test_repair_removes_no_picture_whose_list_is_lost(
    tmp_path: Path, archive: FolderStore, clock: Clock, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = FolderStore(tmp_path / "copy")
    ArchiveCopy(archive, copy, everything=True).run()
    good = objects(archive)
    lost, *_ = lists(archive)
    archive.delete(lost)
    archive.create_from(UNUSED, io.BytesIO(b"x"))
    assert main(["repair", "--archive", str(archive.location)]) == 1
    assert {**objects(archive), UNUSED: b"x"} == {**good, UNUSED: b"x"}
    assert "removed media" not in capsys.readouterr().out
    for key in good:
        archive.delete(key)
    assert main(["repair", "--archive", str(archive.location), str(copy.location)]) == 0
    # Once the lost list is back, its pictures can be repaired, and UNUSED can be removed.
    assert objects(archive) == good
    assert lists(archive) == lists(copy)


@pytest.mark.parametrize("everything", [False, True])
def test_a_copy_has_what_its_articles_use(tmp_path: Path, archive: FolderStore, clock: Clock, everything: bool) -> None:
    archive.create_from(UNUSED, io.BytesIO(b"x"))
    copy = FolderStore(tmp_path / "copy")
    report = ArchiveCopy(archive, copy, everything=everything).run()
    assert report.problems == []
    used = {key: data for key, data in objects(archive).items() if key != UNUSED}
    assert objects(copy) == used
    assert lists(copy) == lists(archive)
    assert verify(copy, clock).findings == ()
    assert ArchiveCopy(archive, copy, everything=everything).run().files == 0


def test_a_part_of_an_archive_is_copied_with_its_own_pictures(tmp_path: Path, archive: FolderStore) -> None:
    first = FolderStore(tmp_path / "first")
    ArchiveCopy(archive, first, Selection(until=_first_day(archive))).run()
    assert [*objects(first).values()] == [png(3, 2)]
    other = FolderStore(tmp_path / "other")
    ArchiveCopy(archive, other, Selection(feed="another feed")).run()
    assert objects(other) == {}


def _first_day(store: Store) -> date:
    return min(date.fromisoformat(key[8:18].replace("/", "-")) for key in lists(store))


def test_a_damaged_picture_is_not_copied(tmp_path: Path, archive: FolderStore) -> None:
    key = key_of(archive, png(3, 2))
    Path(archive.location, key).write_bytes(b"\x89PNG something else")
    copy = FolderStore(tmp_path / "copy")
    report = ArchiveCopy(archive, copy).run()
    assert [(each.key, each.problem) for each in report.problems] == [(key, CopyProblem.DAMAGED)]
    assert key not in objects(copy)


def test_a_copy_that_was_killed_at_any_write_is_finished_by_the_next(
    tmp_path: Path, archive: FolderStore, clock: Clock
) -> None:
    for write in range(1, 100):
        copy = FolderStore(tmp_path / str(write))
        try:
            ArchiveCopy(archive, FailingStore(copy, write, Killed()), everything=True).run()
        except Killed:
            ArchiveCopy(archive, copy, everything=True).run()
            assert objects(copy) == objects(archive)
            assert lists(copy) == lists(archive)
            continue
        break
    assert write > 20


def test_a_forgotten_picture_is_removed_from_a_complete_copy(
    tmp_path: Path, archive: FolderStore, clock: Clock
) -> None:
    copy = FolderStore(tmp_path / "copy")
    ArchiveCopy(archive, copy, everything=True).run()
    with removed_objects() as removed:
        forget(archive, "https://example.org/2", clock(), before_files=forget_media(archive, removed))
    build(archive, clock())
    report = ArchiveCopy(archive, copy, everything=True).run()
    assert objects(copy) == objects(archive)
    assert len(objects(copy)) == 2
    assert [key for key in report.removed if key.startswith("media/")] == [*removed.copies]
