"""``archive/index.json``: every day with its counts, the newest first."""

from __future__ import annotations

import json
from datetime import date

from feedarchive.digest.digest import make_digest
from feedarchive.digest.index import IndexedDay, indexed_days, write_index
from feedarchive.store.folder import FolderStore
from tests.unit.digest.entries import DAY, entry

DAYS = [date(2024, 12, 31), date(2025, 12, 24), DAY]
COUNTS = IndexedDay(make_digest(DAY, "UTC", [entry("A")]).counts(), "a" * 64)


def _days(store: FolderStore) -> list[str]:
    stored = store.read("archive/index.json")
    assert stored is not None
    return [row["day"] for row in json.loads(stored.data)["days"]]


def test_days_are_listed_newest_first(folder_store: FolderStore) -> None:
    for day in (DAYS[1], DAYS[2], DAYS[0]):
        write_index(folder_store, "UTC", {day: COUNTS}, all_days=False)
    assert _days(folder_store) == ["2025-12-25", "2025-12-24", "2024-12-31"]


def test_the_counts_of_a_day_that_is_built_again_are_replaced(folder_store: FolderStore) -> None:
    write_index(folder_store, "UTC", dict.fromkeys(DAYS, COUNTS), all_days=True)
    write_index(folder_store, "UTC", {DAY: IndexedDay({**COUNTS.counts, "words": 99}, "b" * 64)}, all_days=False)
    assert len(_days(folder_store)) == 3
    assert indexed_days(folder_store, "UTC")[DAY].counts["words"] == 99


def test_a_build_of_all_days_removes_days_that_have_no_articles_left(folder_store: FolderStore) -> None:
    write_index(folder_store, "UTC", dict.fromkeys(DAYS, COUNTS), all_days=False)
    write_index(folder_store, "UTC", dict.fromkeys(DAYS[1:], COUNTS), all_days=True)
    assert _days(folder_store) == ["2025-12-25", "2025-12-24"]


def test_an_index_of_another_time_zone_is_not_used(folder_store: FolderStore) -> None:
    write_index(folder_store, "UTC", {DAYS[0]: COUNTS}, all_days=False)
    assert indexed_days(folder_store, "Asia/Tokyo") == {}
    write_index(folder_store, "Asia/Tokyo", {DAY: COUNTS}, all_days=False)
    assert _days(folder_store) == ["2025-12-25"]
