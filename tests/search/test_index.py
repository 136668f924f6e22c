"""The index is only a cache: whatever happens to it, the answers are the same."""

from __future__ import annotations

import json
import os
import shutil
import sqlite3
import zlib
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from feedarchive.archive.forget import forget
from feedarchive.search import index_file
from feedarchive.search import update_index as update_index_module
from feedarchive.search.index_file import INDEX_FILE
from feedarchive.search.update_index import update_index
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import StoreError
from tests.harness.digests import build
from tests.search.archive import Searched


@pytest.fixture
def archive(archive: Searched) -> Searched:
    archive.poll(**{f"Article{n}": f"Story {n} about the zebra{n} and the bridge." for n in range(40)})
    assert len(archive.titles("bridge")) == 40
    return archive


def _delete(path: Path) -> None:
    path.unlink()


def _truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def _overwrite_a_page(path: Path) -> None:
    data = bytearray(path.read_bytes())
    for start in range(4096 * 2, len(data), 4096 * 3):
        data[start : start + 4096] = bytes(4096)
    path.write_bytes(data)


def _replace(path: Path) -> None:
    path.write_text("not a database\n")


def _empty(path: Path) -> None:
    path.write_bytes(b"")


def _drop_a_table(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DROP TABLE words")
    connection.close()


def _remove_articles(path: Path) -> None:
    with sqlite3.connect(path) as connection:
        connection.execute("DELETE FROM article WHERE number < 9")
    connection.close()


def _another_version(path: Path) -> None:
    description = path.with_name(path.name + ".json")
    description.write_text(json.dumps({**json.loads(description.read_text()), "made_by": "0 1.0"}))


def _no_description(path: Path) -> None:
    path.with_name(path.name + ".json").unlink()


@pytest.mark.parametrize(
    "damage",
    [_delete, _truncate, _overwrite_a_page, _replace, _empty, _drop_a_table, _remove_articles, _another_version,
     _no_description],
)  # fmt: skip
def test_a_lost_damaged_or_old_index_is_built_again(archive: Searched, damage: Callable[[Path], None]) -> None:
    before = archive.find("bridge"), archive.find("zebra7")
    damage(archive.folder / INDEX_FILE)
    assert (archive.find("bridge"), archive.find("zebra7")) == before


def test_an_index_that_this_version_made_is_not_used_by_the_next_one(
    archive: Searched, monkeypatch: pytest.MonkeyPatch
) -> None:
    before, path = archive.find("bridge"), archive.folder / INDEX_FILE
    monkeypatch.setattr(index_file, "_MADE_BY", "another version")
    inode = path.stat().st_ino
    assert archive.find("bridge") == before
    assert path.stat().st_ino != inode


def test_an_article_of_a_recent_day_is_found_before_its_digest_is_built(archive: Searched) -> None:
    build(FolderStore(archive.folder), archive.clock())
    before = (archive.clock() - timedelta(hours=1)).timestamp()
    for path in archive.folder.rglob("*"):
        os.utime(path, (before, before))
    assert archive.titles("unheard") == []
    archive.poll(Late="An unheard story.")
    assert archive.titles("unheard") == ["Late"]


def test_damage_that_only_sqlite_notices_is_repaired(archive: Searched, monkeypatch: pytest.MonkeyPatch) -> None:
    before = archive.find("bridge")
    monkeypatch.setattr(index_file, "_is_unchanged", lambda path: path.exists())
    _overwrite_a_page(archive.folder / INDEX_FILE)
    assert archive.find("bridge") == before
    _drop_a_table(archive.folder / INDEX_FILE)
    assert archive.find("bridge") == before


def test_an_update_reads_only_new_files(archive: Searched) -> None:
    indexed: list[tuple[int, int]] = []
    archive.poll(New="A new one about the bridge.")
    update_index(archive.folder, "UTC", archive.clock(), lambda done, total: indexed.append((done, total)))
    assert indexed == [(1, 1)]
    assert len(archive.titles("bridge")) == 41


def test_with_and_without_digests_the_same_is_found(archive: Searched) -> None:
    before = archive.find("bridge")
    (archive.folder / INDEX_FILE).unlink()
    build(FolderStore(archive.folder), archive.clock())
    assert archive.find("bridge") == before


@pytest.mark.parametrize("digest", [False, True])
def test_an_archive_that_did_not_change_is_not_listed(
    archive: Searched, digest: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    if digest:
        build(FolderStore(archive.folder), archive.clock())
    now = archive.settled()
    archive.find("bridge", now=now)
    listed = []
    original = os.listdir
    monkeypatch.setattr("os.listdir", lambda path: listed.append(path) or original(path))  # type: ignore[func-returns-value]
    assert len(archive.titles("bridge", now=now)) == 40
    assert listed == []
    archive.poll(New="A new one about the bridge.")
    if digest:
        build(FolderStore(archive.folder), archive.clock())
    assert len(archive.titles("bridge", now=now + timedelta(hours=1))) == 41


def test_a_folder_that_changed_just_now_is_listed_again(archive: Searched) -> None:
    """Two changes shortly after each other may leave the same modification time."""
    folder = archive.article("Article1").parent
    now = archive.settled() - timedelta(minutes=1)
    archive.find("bridge", now=now)
    times = folder.stat()
    archive.poll(New="A new one about the bridge.")
    os.utime(folder, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert len(archive.titles("bridge", now=now)) == 41


def test_forgotten_articles_leave_the_index_and_no_word_of_them_remains(archive: Searched) -> None:
    index = archive.folder / INDEX_FILE
    archive.poll(Xylophone="Quagmire and nothing else.")
    assert archive.titles("quagmire") == ["Xylophone"]
    assert b"quagmire" in index.read_bytes()
    text = zlib.compress(b"Quagmire and nothing else.", 1)
    assert text in index.read_bytes()
    forget(FolderStore(archive.folder), "https://example.org/Xylophone", archive.clock())
    assert archive.titles("quagmire") == []
    remaining = index.read_bytes()
    assert [word for word in (b"quagmire", b"uagmire", b"xylophone", b"Xylophone", text) if word in remaining] == []
    assert len(archive.titles("bridge")) == 40


def test_the_last_version_that_is_left_counts(archive: Searched) -> None:
    archive.clock.move(days=1)
    archive.poll(Article3="Story 3, edited.")
    assert archive.titles("edited") == ["Article3"]
    assert len(archive.titles("bridge")) == 39
    (archive.folder / archive.find("edited").hits[0].key).unlink()
    assert archive.titles("edited") == []
    assert len(archive.titles("bridge")) == 40


def test_a_file_that_was_deleted_from_an_old_day_is_not_found(archive: Searched) -> None:
    build(FolderStore(archive.folder), archive.clock())
    now = archive.settled()
    assert archive.titles("zebra7", now=now) == ["Article7"]
    archive.article("Article7").unlink()
    assert archive.titles("zebra7", now=now) == []
    assert archive.titles("zebra8", now=now) == ["Article8"]


def test_a_day_that_is_gone_leaves_the_index(archive: Searched) -> None:
    archive.folder.joinpath("archive").rename(archive.folder / "elsewhere")
    assert archive.titles("bridge") == []


def test_truncated_files_and_other_files_are_left_out_until_they_are_complete(archive: Searched) -> None:
    path = archive.article("Article5")
    data = path.read_bytes()
    (archive.folder / INDEX_FILE).unlink()
    path.write_bytes(data[:-20])
    path.with_name("notes.md").write_text("the bridge\n")
    path.with_name("other-0123456789ab.md").write_text("the bridge\n")
    assert len(archive.titles("bridge")) == 39
    path.unlink()
    path.write_bytes(data)
    assert len(archive.titles("bridge")) == 40


def test_an_interrupted_update_continues(archive: Searched) -> None:
    (archive.folder / INDEX_FILE).unlink()
    for day in range(3):
        archive.clock.move(days=1)
        archive.poll(**{f"Late{day}": "Late, about the bridge."})

    def interrupt(done: int, total: int) -> None:
        if done == 42:
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        update_index(archive.folder, "UTC", archive.clock(), interrupt)
    indexed: list[tuple[int, int]] = []
    update_index(archive.folder, "UTC", archive.clock(), lambda done, total: indexed.append((done, total)))
    assert indexed == [(1, 2), (2, 2)]
    assert len(archive.titles("bridge")) == 43


def test_many_new_files_are_indexed_like_few(archive: Searched, monkeypatch: pytest.MonkeyPatch) -> None:
    """For many new files, the parts of the index are merged only once, at the end."""
    before = archive.find("bridge"), archive.find("zeb*"), archive.find('"the zebra7"')
    monkeypatch.setattr(update_index_module, "_MANY_FILES", 10)
    (archive.folder / INDEX_FILE).unlink()
    assert (archive.find("bridge"), archive.find("zeb*"), archive.find('"the zebra7"')) == before
    archive.poll(New="A new one about the bridge.")
    assert len(archive.titles("bridge")) == 41
    assert archive.titles("zebra7") == ["Article7"]


def test_a_folder_that_cannot_be_written_is_named(archive: Searched) -> None:
    index = archive.folder / INDEX_FILE
    shutil.rmtree(index.parent)
    index.parent.write_text("a file, not a folder\n")
    with pytest.raises(StoreError, match=r"cannot write .*/state/search.sqlite: .*"):
        archive.find("bridge")
