"""A digest depends only on the files of its day, not on who builds it, when, where or in how many steps."""

from __future__ import annotations

import json
import shutil
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from itertools import product
from pathlib import Path
from zoneinfo import ZoneInfo

import jsonschema
import pytest

from feedarchive.builds.build_day import build_day
from feedarchive.builds.builder import DigestBuilder
from feedarchive.pages.write_pages import PageSettings
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.digests import (
    DAY,
    DIGEST,
    FOLDER,
    ITEMS,
    PAGES,
    SITE,
    CountingStore,
    archive_a_day,
    build,
    digest_files,
)
from tests.harness.failing_store import FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver, everything
from tests.harness.feed_documents import Item

ALL_FILES = {
    *(f"{FOLDER}{name}" for name in DIGEST), f"{PAGES}index.html", f"{PAGES}example.org.html", f"{PAGES}edits.html",
    "archive/index.json", "pages/index.html", "pages/feed.xml",
}  # fmt: skip
PROJECT = Path(__file__).parents[2]


@pytest.fixture
def archived(store: Store, clock: Clock) -> Store:
    """A day with new articles, one from the backlog, and one that was edited."""
    archive_a_day(store, clock)
    return store


def test_digest_json_conforms_to_its_schema(archived: Store) -> None:
    build_day(archived, DAY, "UTC")
    stored = archived.read(f"{FOLDER}digest.json")
    assert stored is not None
    document = json.loads(stored.data)
    jsonschema.validate(document, json.loads((PROJECT / "docs" / "digest.schema.json").read_text()))
    assert document["counts"] == {
        "files": 14, "articles": 13, "revisions": 1, "backlog": 1, "sites": 1, "feeds": 1,
        "words": document["counts"]["words"], "bytes": sum(f["bytes"] for f in document["files"]),
    }  # fmt: skip
    for file in document["files"]:
        found = archived.read(file["key"])
        assert found is not None
        assert len(found.data) == file["bytes"]
    order = [(f["site"], f["published"], f["key"]) for f in document["files"]]
    assert order == sorted(order)


def test_times_on_the_page_are_in_the_archives_time_zone(folder_store: FolderStore, clock: Clock) -> None:
    item = Item("Late", link=f"{SITE}/late", text="Night.", date="Thu, 25 Dec 2025 02:30:00 GMT")
    FeedArchiver(folder_store, clock, zone="Asia/Tokyo").poll(item)
    assert build_day(folder_store, DAY, "Asia/Tokyo")
    for name, time in (("index.html", "11:30"), ("example.org.html", "25 December 2025, 11:30")):
        page = (Path(folder_store.location) / PAGES / name).read_text(encoding="utf-8")
        assert f'<time datetime="2025-12-25T02:30:00Z">{time}</time>' in page
        assert "Days and times are in Asia/Tokyo." in page


def test_another_build_a_year_later_and_concurrent_builds_give_the_same_bytes(archived: Store) -> None:
    # The first build announces the day. The second build writes the name of the new record into the index.
    for hours in (24, 25):
        build(archived, CHRISTMAS + timedelta(hours=hours))
    before = digest_files(archived)
    assert set(before) == ALL_FILES
    build(archived, CHRISTMAS + timedelta(days=365))
    assert digest_files(archived) == before
    for key in before:
        archived.delete(key)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda n: build(archived, CHRISTMAS + timedelta(hours=n)), range(4)))
    assert digest_files(archived) == before


DAY_FILES = sorted(key for key in ALL_FILES if "25" in key)


def test_lost_files_are_built_again_with_the_same_bytes(archived: Store) -> None:
    build_day(archived, DAY, "UTC")
    before = digest_files(archived)
    for lost in (*DAY_FILES, "pages", "all"):
        for key in [key for key in DAY_FILES if lost in {key, "all"} or key.startswith(f"{lost}/")]:
            archived.delete(key)
        built = build_day(archived, DAY, "UTC")
        assert built is not None
        assert built.changed
        assert digest_files(archived) == before, lost


def test_a_copy_elsewhere_gives_the_same_bytes(folder_store: FolderStore, clock: Clock, tmp_path: Path) -> None:
    FeedArchiver(folder_store, clock).poll(*ITEMS)
    build_day(folder_store, DAY, "UTC")
    copy = tmp_path / "copy"
    shutil.copytree(Path(folder_store.location) / "archive", copy / "archive", ignore=shutil.ignore_patterns(*DIGEST))
    build_day(FolderStore(copy), DAY, "UTC")
    assert digest_files(FolderStore(copy)) == digest_files(folder_store)


def test_one_build_or_several_during_the_day_give_the_same_bytes(tmp_path: Path) -> None:
    stepwise, at_once = FolderStore(tmp_path / "stepwise"), FolderStore(tmp_path / "at-once")
    for store in (stepwise, at_once):
        archiver = FeedArchiver(store, Clock())
        for number in range(1, len(ITEMS) + 1):
            archiver.poll(*ITEMS[:number])
            if store is stepwise:
                build_day(store, DAY, "UTC")
    build_day(at_once, DAY, "UTC")
    assert digest_files(stepwise) == digest_files(at_once)


def test_each_article_is_read_once(folder_store: FolderStore, clock: Clock) -> None:
    archiver, store = FeedArchiver(folder_store, clock), CountingStore(folder_store)
    for number in (4, 9, 12, 12):
        archiver.poll(*ITEMS[:number])
        build_day(store, DAY, "UTC")
    # The page of the site already has the earlier articles.
    assert store.calls["articles read"] == 12
    folder_store.delete(f"{PAGES}example.org.html")
    build_day(store, DAY, "UTC")
    assert store.calls["articles read"] == 12 + 12


def test_a_build_that_changes_nothing_writes_nothing(archived: Store) -> None:
    build_day(archived, DAY, "UTC")
    store = CountingStore(archived)
    built = build_day(store, DAY, "UTC")
    assert built is not None
    assert not built.changed
    assert store.calls["writes"] == 0


def test_a_changed_page_is_written_again_from_its_articles(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(folder_store, clock)
    archiver.poll(*ITEMS[:6])
    build_day(folder_store, DAY, "UTC")
    page = Path(folder_store.location) / PAGES / "example.org.html"
    before = page.read_bytes()
    page.write_bytes(before.replace(b"Story 3.", b"Story B."))
    archiver.poll(*ITEMS)
    build_day(folder_store, DAY, "UTC")
    assert b"Story B." not in page.read_bytes()
    assert page.read_bytes().count(b"Story ") == 12


def test_a_setting_of_pages_changes_all_of_a_day(folder_store: FolderStore, clock: Clock) -> None:
    picture = Item("A picture", f"{SITE}/p", text='<p><img src="https://example.org/p.jpg" alt="A bridge"> Words.</p>')
    FeedArchiver(folder_store, clock).poll(picture, *ITEMS)
    build_day(folder_store, DAY, "UTC")
    before = digest_files(folder_store)
    page = Path(folder_store.location) / PAGES / "example.org.html"
    assert b"img-src http: https:" in before[f"{PAGES}example.org.html"]
    assert b'loading="lazy"' in before[f"{PAGES}example.org.html"]
    build_day(folder_store, DAY, "UTC", PageSettings(images=False))
    assert b"<img" not in page.read_bytes()
    assert b"img-src" not in page.read_bytes()
    assert b'<a href="https://example.org/p.jpg" rel="noreferrer">[image: A bridge]</a>' in page.read_bytes()
    build_day(folder_store, DAY, "UTC")
    assert digest_files(folder_store) == before


def test_days_have_the_days_before_and_after_also_beyond_a_pause(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(folder_store, clock)
    for number, pause in enumerate((1, 20, 0)):
        archiver.poll(ITEMS[number])
        build(folder_store, clock())
        clock.move(days=pause)
    build(folder_store, clock())
    days = ["2025/12/25", "2025/12/26", "2026/01/15"]
    for number, day in enumerate(days):
        page = (Path(folder_store.location) / "pages" / day / "index.html").read_text(encoding="utf-8")
        around = {other for n, other in enumerate(days) if abs(n - number) == 1}
        assert {other for other in days if f'href="../../../{other}/index.html"' in page} == around
    before = digest_files(folder_store)
    DigestBuilder(folder_store, ZoneInfo("UTC"), (), clock()).build_all()
    assert digest_files(folder_store) == before


def test_the_next_build_repairs_what_a_crash_at_any_write_left(folder_store: FolderStore, tmp_path: Path) -> None:
    archiver = FeedArchiver(folder_store, Clock())
    archiver.poll(*ITEMS)
    archiver.poll(replace(ITEMS[0], title="Another title"), *ITEMS[1:])
    undisturbed = FailingStore(_copy(folder_store, tmp_path / "undisturbed"), 0, Killed())
    build(undisturbed, CHRISTMAS)
    assert undisturbed.writes == len(ALL_FILES) + 1  # and status.json
    expected = everything(undisturbed)
    for write, after in product(range(1, undisturbed.writes + 1), (False, True)):
        store = _copy(folder_store, tmp_path / f"{write}-{after}")
        with pytest.raises(Killed):
            build(FailingStore(store, write, Killed(), after), CHRISTMAS)
        build(store, CHRISTMAS)
        assert everything(store) == expected, (write, after)


def _copy(store: FolderStore, folder: Path) -> FolderStore:
    shutil.copytree(store.location, folder)
    return FolderStore(folder)
