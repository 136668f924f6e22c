"""How many new articles each feed had on each of the last 30 days."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from feedarchive.digest.digest import Digest, make_digest
from feedarchive.digest.digest_json import to_json
from feedarchive.digest.new_articles import count_new, count_new_articles
from feedarchive.health.status_json import Status, read_status, write_status
from feedarchive.store.folder import FolderStore
from tests.harness.clock import CHRISTMAS
from tests.unit.digest.entries import DAY, entry, revision

FEED = "https://example.org/feed.xml"


def _digest(day: date, *titles: str) -> Digest:
    return make_digest(day, "UTC", [*(entry(title) for title in titles), revision("Edited")])


@pytest.mark.parametrize(("age", "is_counted"), [(0, True), (29, True), (30, False), (-1, False)])
def test_the_last_thirty_days_are_counted(folder_store: FolderStore, age: int, is_counted: bool) -> None:
    day = DAY - timedelta(days=age)
    counts = count_new_articles(folder_store, {day: count_new(_digest(day, "A", "B").entries)}, {}, [], "UTC", DAY)
    assert counts == ({day.isoformat(): {FEED: 2}} if is_counted else {})


def test_each_feed_is_counted_and_revisions_are_not(folder_store: FolderStore) -> None:
    digest = make_digest(DAY, "UTC", [entry("A"), revision("B"), entry("C", source="https://example.org/sport.xml")])
    counts = count_new_articles(folder_store, {DAY: count_new(digest.entries)}, {}, [], "UTC", DAY)
    assert counts == {"2025-12-25": {FEED: 1, "https://example.org/sport.xml": 1}}


def test_other_days_are_counted_from_status_json_or_else_from_their_digest(folder_store: FolderStore) -> None:
    """A digest built in this run is counted first, then status.json is used, then the digest of the day."""
    days = [DAY - timedelta(days=n) for n in range(4)]
    known = {days[0].isoformat(): {FEED: 7}, days[1].isoformat(): {FEED: 8}}
    write_status(folder_store, Status([], known, CHRISTMAS))
    assert read_status(folder_store).new_by_day == known
    for day in days[1:3]:
        folder_store.create(f"archive/{day:%Y/%m/%d}/digest.json", to_json(_digest(day, "A", "B")))
    fresh = {DAY: count_new(_digest(DAY, "A").entries)}
    assert count_new_articles(folder_store, fresh, known, days, "UTC", DAY) == {
        "2025-12-23": {FEED: 2},
        "2025-12-24": {FEED: 8},
        "2025-12-25": {FEED: 1},
    }
