"""Which articles are in the digest of a day."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from feedarchive.archive.forget import forget
from feedarchive.builds.build_day import build_day
from feedarchive.digest.calendar import days_in_archive
from feedarchive.store.folder import FolderStore
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.digests import (
    DAY,
    FOLDER,
    ITEMS,
    SITE,
    CountingStore,
    RecordingAnnouncer,
    build,
    digest_files,
)
from tests.harness.failing_store import FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver, everything


@pytest.mark.parametrize("known", [False, True], ids=["first build", "the digest.json before it has the same bytes"])
def test_an_article_that_is_forgotten_during_a_build_is_in_no_digest(
    folder_store: FolderStore, clock: Clock, known: bool
) -> None:
    """A build that listed the article before ``forget`` deleted it must not write it to the digest."""
    archiver = FeedArchiver(folder_store, clock)
    archiver.poll(*ITEMS[:5])
    if known:
        build_day(folder_store, DAY, "UTC")
    archiver.poll(*ITEMS[:6])
    (secret,) = [key for key in everything(folder_store) if "article-5" in key]

    class Slow(CountingStore):
        def _forget(self, key: str) -> None:
            if key.endswith("digest.json") and not self.calls["forgotten"]:
                self.calls["forgotten"] += 1
                forget(folder_store, secret, clock())
                if known:
                    build_day(folder_store, DAY, "UTC")

        def create(self, key: str, data: bytes) -> bool:
            self._forget(key)
            return super().create(key, data)

        def replace(self, key: str, data: bytes, version: str) -> bool:
            self._forget(key)
            return super().replace(key, data, version)

    slow = Slow(folder_store)
    build_day(slow, DAY, "UTC")
    assert slow.calls["forgotten"] == 1
    for key, data in digest_files(folder_store).items():
        assert b"article-5" not in data, key


def test_an_article_of_an_interrupted_run_joins_the_digest_of_its_day(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(*ITEMS[:3])
    with pytest.raises(Killed):
        FeedArchiver(FailingStore(folder_store, 2, Killed(), after=True), clock).poll(ITEMS[3])
    clock.move(days=5)
    announcements = RecordingAnnouncer()
    FeedArchiver(folder_store, clock).poll(ITEMS[9])  # so that the index has a later day
    build(folder_store, clock(), announcements)
    FeedArchiver(folder_store, clock).poll(*ITEMS[:4])
    digests = build(folder_store, clock(), announcements)
    amended = next(b for b in digests.built if b.day == DAY)
    assert amended.changed
    assert amended.counts["files"] == 4
    assert len(announcements.announced) == 1


def test_truncated_and_foreign_files_are_not_in_the_digest(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(*ITEMS[:2])
    folder = Path(folder_store.location) / FOLDER / "example.org"
    (folder / "truncated-0123456789ab.md").write_bytes(b'---\ntitle: "Half')
    (folder / "notes.md").write_text("my own notes\n")
    (folder / "no-front-matter-0123456789ac.md").write_text("nothing\n")
    built = build_day(folder_store, DAY, "UTC")
    assert built is not None
    assert len(built.digest.entries) == 2


def test_a_forgotten_article_is_removed_from_the_digest(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(*ITEMS[:2])
    build_day(folder_store, DAY, "UTC")
    forget(folder_store, f"{SITE}/0", clock())
    built = build_day(folder_store, DAY, "UTC")
    assert built is not None
    assert [e.title for e in built.digest.entries] == ["Article 1"]


@pytest.mark.parametrize(
    ("zone", "moments", "days"),
    [
        ("UTC", ["2025-12-25T23:59:59", "2025-12-26T00:00:00"], ["2025-12-25", "2025-12-26"]),
        ("Europe/Berlin", ["2025-03-29T22:59:59", "2025-03-29T23:00:00"], ["2025-03-29", "2025-03-30"]),
        ("Europe/Berlin", ["2025-03-30T21:59:59", "2025-03-30T22:00:00"], ["2025-03-30", "2025-03-31"]),
        ("Europe/Berlin", ["2025-10-26T22:59:59", "2025-10-26T23:00:00"], ["2025-10-26", "2025-10-27"]),
        ("Pacific/Auckland", ["2025-12-25T10:59:59", "2025-12-25T11:00:00"], ["2025-12-25", "2025-12-26"]),
    ],
)
def test_days_begin_at_midnight_in_the_archives_zone(
    folder_store: FolderStore, zone: str, moments: list[str], days: list[str]
) -> None:
    clock = Clock()
    archiver = FeedArchiver(folder_store, clock, zone=zone)
    for number, moment in enumerate(moments):
        clock.now = datetime.fromisoformat(moment).replace(tzinfo=UTC)
        archiver.poll(*ITEMS[: number + 1])
    assert [day.isoformat() for day in days_in_archive(folder_store)] == days
    for number, day in enumerate(days_in_archive(folder_store)):
        built = build_day(folder_store, day, zone)
        assert built is not None
        assert [e.title for e in built.digest.entries] == [f"Article {number}"]


def test_without_articles_nothing_is_built(folder_store: FolderStore) -> None:
    digests = build(folder_store, CHRISTMAS)
    assert (digests.built, digests.announced) == ((), ())
