"""Count the requests to a store in a day of 200 feeds, and how many of them are for the pages.

    python -m benchmarks.corpus.day_requests [REVISIONS]

Three days are simulated. Each has 1,000 articles and 50 (or REVISIONS) edits, spread evenly over the feeds and the day.
Feeds are polled every 15 minutes, and digests are built every hour. Only the requests of the last day are counted.
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from email.utils import format_datetime
from zoneinfo import ZoneInfo

from benchmarks.corpus.memory_store import MemoryStore
from feedarchive.builds.builder import DigestBuilder
from feedarchive.store.interface import Presence, Stored
from tests.harness.clock import Clock
from tests.harness.digests import RecordingAnnouncer
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item

_FEEDS, _ARTICLES, _DAYS, _POLLS = 200, 1_000, 3, 96
_LISTED = 25  # the number of entries in a feed's document
# A run also makes 13 requests for the settings and the state, even without new articles. They are not counted here: the
# number is from `make bench BENCH="--s3"`.
_A_RUN = 13
_START = datetime(2025, 12, 22, 0, 5, tzinfo=UTC)


class CountingStore(MemoryStore):
    """Counts requests by kind and the first folder of the key."""

    def __init__(self) -> None:
        super().__init__()
        self.requests: Counter[tuple[str, str]] = Counter()

    def _count(self, kind: str, key: str) -> None:
        self.requests[kind, key.partition("/")[0]] += 1

    def read(self, key: str) -> Stored | None:
        self._count("GET", key)
        return super().read(key)

    def presence(self, key: str) -> Presence:
        self._count("HEAD", key)
        return super().presence(key)

    def create(self, key: str, data: bytes) -> bool:
        self._count("PUT", key)
        return super().create(key, data)

    def replace(self, key: str, data: bytes, version: str) -> bool:
        self._count("PUT", key)
        return super().replace(key, data, version)

    def list(self, prefix: str) -> Iterator[str]:
        self._count("LIST", prefix)
        return super().list(prefix)

    def hashes(self, prefix: str) -> dict[str, str]:
        self._count("LIST", prefix)
        return super().hashes(prefix)

    def folders(self, prefix: str) -> Sequence[str]:
        self._count("LIST", prefix)
        return super().folders(prefix)


class Publishers:
    """200 feeds that publish and edit articles."""

    def __init__(self) -> None:
        self.items: dict[int, list[Item]] = {number: [] for number in range(_FEEDS)}
        self._random = random.Random(1)

    def publish(self, number: int, now: datetime) -> int:
        """Publish an article. Returns the number of the feed."""
        feed = self._random.randrange(_FEEDS)
        item = Item(
            f"Article {number} about the bridge", link=f"{home(feed)}{number}", guid=f"tag:{number}",
            text=f"Story {number}: {'the council met on Tuesday. ' * 40}", date=format_datetime(now),
        )  # fmt: skip
        self.items[feed] = [item, *self.items[feed]][:_LISTED]
        return feed

    def edit(self, poll: int) -> int:
        """Edit one of the newest articles of a feed. Returns the number of the feed."""
        feed = self._random.choice([number for number, items in self.items.items() if items])
        place = min(int(self._random.expovariate(0.5)), len(self.items[feed]) - 1)
        item = self.items[feed][place]
        self.items[feed][place] = replace(item, text=f"{item.text} At {poll} it met again.")
        return feed


def home(feed: int) -> str:
    """The home page of a feed."""
    return f"https://site{feed}.example/"


def count(revisions: int) -> Counter[tuple[str, str]]:
    """Count the requests of the last day, by method and by the first folder of the key."""
    store, clock, publishers = CountingStore(), Clock(_START), Publishers()
    archiver = FeedArchiver(store, clock)
    for poll in range(_DAYS * _POLLS):
        if poll == (_DAYS - 1) * _POLLS:
            store.requests.clear()
        clock.now = _START + timedelta(minutes=15 * poll)
        changed = {publishers.publish(number, clock.now) for number in _share(_ARTICLES, poll)}
        changed |= {publishers.edit(poll) for _ in _share(revisions, poll)}
        for feed in sorted(changed):
            archiver.poll(*publishers.items[feed], url=f"{home(feed)}feed.xml", home=home(feed), id=f"feed-{feed}")
        if poll % 4 == 3:
            DigestBuilder(store, ZoneInfo("UTC"), [], clock.now).build_due(RecordingAnnouncer())
    return store.requests


def _share(a_day: int, poll: int) -> range:
    """The numbers of the articles or edits that are new at a poll, if there are ``a_day`` of them a day."""
    return range(a_day * poll // _POLLS, a_day * (poll + 1) // _POLLS)


def main(revisions: int) -> None:
    """Print the counts."""
    requests = count(revisions)
    for (kind, folder), number in sorted(requests.items()):
        print(f"{kind:5} {folder:12} {number:6,}")
    pages = sum(number for (_, folder), number in requests.items() if folder == "pages")
    others = requests.total() - pages + _POLLS * _A_RUN
    print(f"{others:,} requests without pages/, in {_POLLS} runs. pages/ adds {pages:,} ({pages / others:.1%}).")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 50)
