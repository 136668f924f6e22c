"""Digests for tests: who builds them, what was built, and whoever hears the announcements."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from feedarchive.digest.builder import BuildResult, DigestBuilder
from feedarchive.digest.daily_mail import Announcement
from feedarchive.feeds.feed import Feed
from feedarchive.store.interface import Store, Stored, StoreError
from frail import FULL_DISK, FrailStore
from press import Item, everything

SITE = "https://example.org"
DAY = date(2025, 12, 25)
FOLDER = "archive/2025/12/25/"
DIGEST = ("digest.json", "digest.md", "index.html")
ITEMS = [Item(f"Article {n}", link=f"{SITE}/{n}", guid=f"tag:{n}", text=f"Story {n}.") for n in range(12)]
OLD = Item("From long ago", link=f"{SITE}/old", text="It was.", date="Mon, 01 Dec 2025 08:00:00 GMT")


class Announcements:
    """Keeps what is announced; fails while ``failing``."""

    def __init__(self) -> None:
        self.made: list[Announcement] = []
        self.failing = False

    def announce(self, announcement: Announcement) -> None:
        if self.failing:
            raise StoreError("the topic is not to be reached")
        self.made.append(announcement)


class CountingStore(FrailStore):
    """Counts what is asked of a store, and which articles are read."""

    def __init__(self, inner: Store) -> None:
        super().__init__(inner, 0, FULL_DISK)
        self.asked: Counter[str] = Counter()

    def read(self, key: str) -> Stored | None:
        self.asked["articles read" if key.endswith(".md") and "digest" not in key else "other reads"] += 1
        return super().read(key)

    def create(self, key: str, data: bytes) -> bool:
        self.asked["writes"] += 1
        return super().create(key, data)

    def replace(self, key: str, data: bytes, version: str) -> bool:
        self.asked["writes"] += 1
        return super().replace(key, data, version)


def digest_files(store: Store) -> dict[str, bytes]:
    """What was built: every object that is not an article, a claim or state."""
    kept = {k: v for k, v in everything(store).items() if k.rpartition("/")[2] in (*DIGEST, "index.json")}
    return {k: v for k, v in kept.items() if k.startswith("archive/")}


def build(store: Store, now: datetime, announcer: Announcements | None = None, zone: str = "UTC") -> BuildResult:
    feeds: Sequence[Feed] = [Feed(f"{SITE}/feed.xml", "example")]
    return DigestBuilder(store, ZoneInfo(zone), feeds, now).build_due(announcer or Announcements())
