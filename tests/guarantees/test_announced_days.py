"""When a day is announced, and what its announcement says."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import StoreError
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.digests import (
    ITEMS,
    OLD,
    PAGES,
    SITE,
    RecordingAnnouncer,
    build,
)
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item


def test_a_day_is_announced_once_two_hours_after_its_midnight(folder_store: FolderStore, clock: Clock) -> None:
    announcements = RecordingAnnouncer()
    FeedArchiver(folder_store, clock, zone="Europe/Berlin").poll(*ITEMS, OLD)
    midnight = datetime(2025, 12, 25, 23, tzinfo=UTC)
    for moment, made in ((-1, 0), (1, 0), (1.9, 0), (2, 1), (3, 1), (300, 1)):
        build(folder_store, midnight + timedelta(hours=moment), announcements, "Europe/Berlin")
        days = [json.loads(each.data).get("day") for each in announcements.announced]
        assert days.count("2025-12-25") == made


def test_the_contents_of_an_announcement(folder_store: FolderStore, clock: Clock) -> None:
    announcements = RecordingAnnouncer()
    many = [replace(ITEMS[0], title=f"Ünïcode {n} 🎄" * 20, link=f"{SITE}/x{n}", guid=None) for n in range(70)]
    FeedArchiver(folder_store, clock).poll(*many)
    build(folder_store, CHRISTMAS + timedelta(days=1), announcements)
    (made,) = announcements.announced
    assert made.subject.startswith("Feedarchive 2025-12-25: 70 articles from 1 feed: Unicode 0 Unicode 0 ")
    assert made.subject.isascii()
    assert len(made.subject) < 100
    assert made.text.count("\nÜnïcode ") == 50
    assert "\nand 20 more\n" in made.text
    data = json.loads(made.data)
    assert data["html"] == f"{PAGES}index.html"
    assert data["counts"]["articles"] == 70
    for key in ("json", "markdown", "html"):
        assert folder_store.read(data[key]) is not None
    assert len((made.text + made.data).encode()) < 256 * 1024


def test_a_failed_announcement_is_repeated(folder_store: FolderStore, clock: Clock) -> None:
    announcements = RecordingAnnouncer()
    announcements.failing = True
    FeedArchiver(folder_store, clock).poll(*ITEMS)
    with pytest.raises(StoreError):
        build(folder_store, CHRISTMAS + timedelta(days=1), announcements)
    announcements.failing = False
    for _ in range(2):
        build(folder_store, CHRISTMAS + timedelta(days=1), announcements)
    assert len(announcements.announced) == 1


def test_after_a_long_pause_every_day_is_built_and_announced_in_order(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(folder_store, clock)
    for number in range(20):
        archiver.poll(*ITEMS[:1], Item(f"Of day {number}", link=f"{SITE}/day/{number}"))
        clock.move(days=1)
        if number == 3:
            build(folder_store, clock())
    announcements = RecordingAnnouncer()
    clock.move(days=30)
    build(folder_store, clock(), announcements)
    days = [json.loads(a.data)["day"] for a in announcements.announced]
    assert days == sorted(days)
    assert len(days) == 16
    stored = folder_store.read("archive/index.json")
    assert stored is not None
    assert len(json.loads(stored.data)["days"]) == 20
