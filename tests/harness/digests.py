"""Build digests in tests, look at the files, and record announcements and store calls."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import replace
from datetime import date, datetime
from zoneinfo import ZoneInfo

from feedarchive.builds.builder import DigestBuilder
from feedarchive.builds.results import BuildResult
from feedarchive.feeds.feed import Feed
from feedarchive.mail.announcement import Announcement
from feedarchive.store.interface import Store, Stored, StoreError
from tests.harness.clock import Clock
from tests.harness.failing_store import FULL_DISK, FailingStore
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item

SITE = "https://example.org"
DAY = date(2025, 12, 25)
FOLDER = "archive/2025/12/25/"
DIGEST = ("digest.json", "digest.md")
PAGES = "pages/2025/12/25/"
ITEMS = [Item(f"Article {n}", link=f"{SITE}/{n}", guid=f"tag:{n}", text=f"Story {n}.") for n in range(12)]
OLD = Item("From long ago", link=f"{SITE}/old", text="It was.", date="Mon, 01 Dec 2025 08:00:00 GMT")


def archive_a_day(store: Store, clock: Clock) -> None:
    """Archive twelve articles, one from the backlog, and an edit of the same day."""
    archiver = FeedArchiver(store, clock)
    archiver.poll(*ITEMS, OLD)
    clock.move(hours=1)
    archiver.poll(replace(ITEMS[0], text="Story 0, corrected."), *ITEMS[1:], OLD)


class RecordingAnnouncer:
    """Records announcements; fails while ``failing`` is set."""

    def __init__(self) -> None:
        self.announced: list[Announcement] = []
        self.failing = False

    def announce(self, announcement: Announcement) -> None:
        if self.failing:
            raise StoreError("the topic cannot be reached")
        self.announced.append(announcement)


class CountingStore(FailingStore):
    """Counts the calls of a store. Reads of articles are counted separately."""

    def __init__(self, inner: Store) -> None:
        super().__init__(inner, 0, FULL_DISK)
        self.calls: Counter[str] = Counter()

    def read(self, key: str) -> Stored | None:
        self.calls["articles read" if key.endswith(".md") and "digest" not in key else "other reads"] += 1
        return super().read(key)

    def create(self, key: str, data: bytes) -> bool:
        self.calls["writes"] += 1
        return super().create(key, data)

    def replace(self, key: str, data: bytes, version: str) -> bool:
        self.calls["writes"] += 1
        return super().replace(key, data, version)


def digest_files(store: Store) -> dict[str, bytes]:
    """The files of all digests, all pages, and the index."""
    keys = [key for key in store.list("") if key.startswith("pages/") or _is_digest(key)]
    return {key: stored.data for key in keys if (stored := store.read(key))}


def _is_digest(key: str) -> bool:
    return key.startswith("archive/") and key.rpartition("/")[2] in (*DIGEST, "index.json")


def build(store: Store, now: datetime, announcer: RecordingAnnouncer | None = None, zone: str = "UTC") -> BuildResult:
    feeds: Sequence[Feed] = [Feed(f"{SITE}/feed.xml", "example")]
    return DigestBuilder(store, ZoneInfo(zone), feeds, now).build_due(announcer or RecordingAnnouncer())
