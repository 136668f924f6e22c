"""The records in ``days/`` form a chain that commits to every file of every announced day."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest

from feedarchive.archive.forget import forget
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.digests import DAY, ITEMS, SITE, RecordingAnnouncer, build
from tests.harness.failing_store import FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item


def _record(store: Store, name: str) -> dict[str, Any]:
    return dict(json.loads(_read(store, f"days/{name}.json")))


def _read(store: Store, key: str) -> bytes:
    stored = store.read(key)
    assert stored is not None, key
    return stored.data


def _sha256(data: bytes) -> str:
    return hashlib.sha256(data).hexdigest()


def _archive_days(store: Store, clock: Clock, days: int, announcer: RecordingAnnouncer | None = None) -> None:
    archiver = FeedArchiver(store, clock)
    for _ in range(days):
        first = ITEMS[:2] if clock().date() == DAY else []
        archiver.poll(Item(f"Of {clock():%d}", link=f"{SITE}/{clock():%d}"), *first)
        clock.move(days=1)
        build(store, clock(), announcer)


def _records(store: Store) -> list[str]:
    return sorted(key.removeprefix("days/").removesuffix(".json") for key in store.list("days/"))


def test_each_record_has_the_hashes_of_its_day_and_of_the_record_before(store: Store, clock: Clock) -> None:
    announcer = RecordingAnnouncer()
    _archive_days(store, clock, 3, announcer)
    assert _records(store) == ["2025-12-25", "2025-12-26", "2025-12-27"]
    assert "previous" not in _record(store, "2025-12-25")
    for day, before in (("2025-12-26", "2025-12-25"), ("2025-12-27", "2025-12-26")):
        digest = _read(store, f"archive/{day.replace('-', '/')}/digest.json")
        assert _record(store, day)["digest"] == _sha256(digest)
        previous = {"day": before, "sha256": _sha256(_read(store, f"days/{before}.json"))}
        assert _record(store, day)["previous"] == previous
        data = json.loads(announcer.announced[int(day[-1]) - 5].data)
        assert (data["digest_sha256"], data["previous"]) == (_sha256(digest), previous)
        assert data["files_sha256"] == _record(store, day)["files"]
    index = json.loads(_read(store, "archive/index.json"))
    assert [row["sha256"] for row in index["days"][-2:]] == [
        _record(store, day)["digest"] for day in ("2025-12-26", "2025-12-25")
    ]
    assert index["newest_record"] == {"day": "2025-12-27", "sha256": _sha256(_read(store, "days/2025-12-27.json"))}


def test_sha256sum_gives_the_hash_of_the_list_of_files(folder_store: FolderStore, clock: Clock) -> None:
    _archive_days(folder_store, clock, 1)
    command = "sha256sum archive/2025/12/25/*/* | sha256sum"
    root, environment = Path(folder_store.location), {**os.environ, "LC_ALL": "C"}
    printed = subprocess.run(["sh", "-c", command], cwd=root, env=environment, capture_output=True, check=True).stdout
    assert printed.split()[0].decode() == _record(folder_store, "2025-12-25")["files"]


def test_a_forgotten_article_of_an_announced_day_is_recorded_with_its_hash(
    folder_store: FolderStore, clock: Clock
) -> None:
    _archive_days(folder_store, clock, 2)
    before = _record(folder_store, "2025-12-25")
    (key,) = [key for key in folder_store.list("archive/") if "article-0" in key]
    sha256 = _sha256(_read(folder_store, key))
    forget(folder_store, key, clock())
    build(folder_store, clock())
    change = _record(folder_store, "2025-12-25.after-2025-12-26")
    assert change["removed"] == {key: {"sha256": sha256, "reason": "forgotten", "time": "2025-12-27T10:00:00Z"}}
    assert (change["before"], change["added"]) == (before["files"], [])
    assert _record(folder_store, "2025-12-25") == before
    build(folder_store, clock())
    _archive_days(folder_store, clock, 1)
    linked = _record(folder_store, "2025-12-27")["changes"]
    assert linked == {
        "days/2025-12-25.after-2025-12-26.json": _sha256(_read(folder_store, "days/2025-12-25.after-2025-12-26.json"))
    }
    assert len(_records(folder_store)) == 4


def test_a_late_article_of_an_announced_day_is_recorded(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(ITEMS[0])
    with pytest.raises(Killed):
        FeedArchiver(FailingStore(folder_store, 2, Killed(), after=True), clock, stateless=True).poll(ITEMS[1])
    clock.move(days=1)
    build(folder_store, clock())
    FeedArchiver(folder_store, clock, stateless=True).poll(*ITEMS[:2])
    build(folder_store, clock())
    change = _record(folder_store, "2025-12-25.after-2025-12-25")
    (key,) = [key for key in folder_store.list("archive/") if "article-1" in key]
    assert (change["added"], change["removed"]) == ([key], {})


def test_a_build_that_is_killed_at_any_write_of_a_change_leaves_it_recorded(tmp_path: Path) -> None:
    for at in range(1, 40):
        clock, store = Clock(), FolderStore(tmp_path / str(at))
        _archive_days(store, clock, 1)
        (key,) = [key for key in store.list("archive/") if "article-0" in key]
        forget(store, key, clock())
        failing = FailingStore(store, at, Killed(), after=at % 2 == 0)
        try:
            build(failing, clock())
        except Killed:
            build(store, clock())
        changes = [name for name in _records(store) if "after" in name]
        assert changes == ["2025-12-25.after-2025-12-25"], at
        if failing.writes < at:
            return
    raise AssertionError("the build has more writes than expected")


def test_a_day_that_is_announced_after_a_later_one_is_in_the_next_record(
    folder_store: FolderStore, clock: Clock
) -> None:
    """A run was killed before it wrote the only article of a day. The next run writes it to the folder of that day."""
    with pytest.raises(Killed):
        FeedArchiver(FailingStore(folder_store, 2, Killed(), after=True), clock).poll(ITEMS[0])
    clock.move(days=1)
    _archive_days(folder_store, clock, 1)
    FeedArchiver(folder_store, clock, stateless=True).poll(ITEMS[0])
    build(folder_store, clock())
    assert "previous" not in _record(folder_store, "2025-12-25")
    assert _record(folder_store, "2025-12-25.after-2025-12-26")["before"] == ""
    _archive_days(folder_store, clock, 1)
    assert [*_record(folder_store, "2025-12-27")["changes"]] == ["days/2025-12-25.after-2025-12-26.json"]


def test_the_first_record_after_0_1_0_commits_to_all_days_before(folder_store: FolderStore, clock: Clock) -> None:
    _archive_days(folder_store, clock, 3)
    files = {name: _record(folder_store, name)["files"] for name in _records(folder_store)}
    for name in files:  # as 0.1.0 wrote them
        folder_store.delete(f"days/{name}.json")
        record = {"day": name, "announced": "2025-12-28T10:00:00Z", "counts": {}}
        folder_store.create(f"days/{name}.json", (json.dumps(record) + "\n").encode())
    index = json.loads(_read(folder_store, "archive/index.json"))
    for row in index["days"]:
        del row["sha256"]
    folder_store.delete("archive/index.json")
    folder_store.create("archive/index.json", (json.dumps(index) + "\n").encode())
    _archive_days(folder_store, clock, 2)
    assert _record(folder_store, "2025-12-28")["earlier"] == files
    assert _record(folder_store, "2025-12-28")["previous"]["day"] == "2025-12-27"
    assert "earlier" not in _record(folder_store, "2025-12-29")
    assert all("sha256" in row for row in json.loads(_read(folder_store, "archive/index.json"))["days"])


def test_a_change_that_a_slow_process_recorded_late_is_in_the_record_after_the_next(
    folder_store: FolderStore, clock: Clock
) -> None:
    """The slow process listed the records before the newest one was written."""
    _archive_days(folder_store, clock, 2)
    (key,) = [key for key in folder_store.list("archive/") if "article-0" in key]

    class Slow(FailingStore):
        def create(self, key: str, data: bytes) -> bool:
            if ".after-" in key:
                self._at = 0
                _archive_days(folder_store, clock, 1)
            return super().create(key, data)

    forget(folder_store, key, clock())
    build(Slow(folder_store, 0, Killed()), clock())
    late = [name for name in _records(folder_store) if "after" in name]
    _archive_days(folder_store, clock, 1)
    linked = {key for name in _records(folder_store) for key in _record(folder_store, name).get("changes", ())}
    assert linked == {f"days/{name}.json" for name in late}


def test_two_builders_at_once_leave_one_chain(store: Store, clock: Clock) -> None:
    archiver = FeedArchiver(store, clock)
    for number in range(3):
        archiver.poll(Item(f"Of day {number}", link=f"{SITE}/day/{number}"))
        clock.move(days=1)
    with ThreadPoolExecutor(3) as pool:
        list(pool.map(lambda n: build(store, clock() + timedelta(seconds=n)), range(3)))
    assert _records(store) == ["2025-12-25", "2025-12-26", "2025-12-27"]
    for day in (DAY + timedelta(days=1), DAY + timedelta(days=2)):
        before = day - timedelta(days=1)
        previous = {"day": before.isoformat(), "sha256": _sha256(_read(store, f"days/{before}.json"))}
        assert _record(store, day.isoformat())["previous"] == previous
