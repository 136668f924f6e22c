"""Lost or damaged digests, indexes and status.json are built again, and nothing is missing."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from feedarchive.builds.builder import DigestBuilder
from feedarchive.store.folder import FolderStore
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.digests import FOLDER, ITEMS, SITE, build, digest_files
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item

DEEP = "[" * 200_000
WRONG: list[tuple[str, object]] = [
    ("title", 7), ("author", 7), ("description", 7), ("published", "yesterday"), ("archived", "2025-12-25T10:00:00"),
    ("words", 1.5), ("bytes", "many"), ("site", None), ("link", []), ("source", {}), ("tags", 5), ("tags", [5]),
    ("words", None), ("words", float("nan")), ("key", 5), ("unknown", "field"),
]  # fmt: skip


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> FolderStore:
    """An archive of one day with its digest. Each test changes a copy of it."""
    store = FolderStore(tmp_path_factory.mktemp("made"))
    FeedArchiver(store, Clock()).poll(*ITEMS)
    build(store, CHRISTMAS)
    return store


@pytest.fixture
def built(made: FolderStore, folder_store: FolderStore) -> FolderStore:
    shutil.copytree(made.location, folder_store.location)
    return folder_store


@pytest.mark.parametrize(("name", "value"), WRONG, ids=str)
def test_a_damaged_digest_is_built_again(built: FolderStore, name: str, value: object) -> None:
    before = digest_files(built)
    path = Path(built.location) / FOLDER / "digest.json"
    document = json.loads(path.read_text())
    document["files"][3][name] = value
    path.write_text(json.dumps(document) + "\n")
    build(built, CHRISTMAS)
    assert digest_files(built) == before


NO_COUNTS = '{"version": 1, "time_zone": "UTC", "days": [{"day": "2025-12-25", "counts": {}}]}'
NO_FEEDS = ('{"version": 1, "new_by_day": {"2025-12-25": 5}}', '{"version": 1, "new_by_day": [["2025-12-25", 5]]}')


@pytest.mark.parametrize("key", [f"{FOLDER}digest.json", "archive/index.json", "status.json"])
@pytest.mark.parametrize(
    "text", [DEEP, "{", "7", "null", '{"version": 1}', NO_COUNTS, *NO_FEEDS], ids=lambda text: text[:50]
)
def test_a_file_with_other_contents_is_built_again(built: FolderStore, key: str, text: str) -> None:
    root = Path(built.location)
    before = digest_files(built), (root / "status.json").read_bytes()
    (root / key).write_text(text + "\n")
    build(built, CHRISTMAS)
    assert (digest_files(built), (root / "status.json").read_bytes()) == before


def test_the_index_is_built_again_from_the_days(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(folder_store, clock)
    for number in range(15):
        archiver.poll(Item(f"Of day {number}", link=f"{SITE}/day/{number}"))
        clock.move(days=1)
        build(folder_store, clock())
    build(folder_store, clock())  # the build after an announcement is the first to name the day's record in the index
    before = digest_files(folder_store)
    for key in ("archive/index.json", "pages/index.html"):
        folder_store.delete(key)
    build(folder_store, clock())
    assert digest_files(folder_store) == before


def test_building_one_day_keeps_the_days_before_in_the_index(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(folder_store, clock)
    archiver.poll(ITEMS[0])
    build(folder_store, clock())
    for number in range(1, 9):
        clock.move(days=1)
        archiver.poll(ITEMS[number])
    DigestBuilder(folder_store, ZoneInfo("UTC"), (), clock()).build_days([clock().date()])
    clock.move(days=8)
    build(folder_store, clock())
    stored = folder_store.read("archive/index.json")
    assert stored is not None
    assert len(json.loads(stored.data)["days"]) == 9


@pytest.mark.parametrize("lost", [True, False], ids=["the index is lost", "the index is old"])
def test_building_one_day_does_not_reduce_the_index_to_that_day(
    folder_store: FolderStore, clock: Clock, lost: bool
) -> None:
    archiver = FeedArchiver(folder_store, clock)
    archiver.poll(ITEMS[0])
    build(folder_store, clock())
    for number in (1, 2):
        clock.move(days=20)
        archiver.poll(ITEMS[number])
    if lost:
        build(folder_store, clock())
        folder_store.delete("archive/index.json")
    digests = DigestBuilder(folder_store, ZoneInfo("UTC"), (), clock()).build_days([clock().date()])
    assert [built.day for built in digests.built] == [clock().date()]
    build(folder_store, clock())
    stored = folder_store.read("archive/index.json")
    assert stored is not None
    assert [row["day"] for row in json.loads(stored.data)["days"]] == ["2026-02-03", "2026-01-14", "2025-12-25"]
    assert folder_store.read("archive/2026/01/14/digest.json") is not None
