"""Days without any article are reported: after three days, then once a week, and with the feeds that need attention."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from feedarchive.builds.silence import Silence, silence_to_report
from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.polling.shards import Shard
from feedarchive.problems import FeedError
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, StoreError
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.digests import ITEMS, SITE, RecordingAnnouncer, build
from tests.harness.feed_archiver import FeedArchiver

DAY = CHRISTMAS.date()


def days(*numbers: int) -> set[date]:
    return {DAY + timedelta(days=number) for number in numbers}


@pytest.mark.parametrize(
    ("with_articles", "reported", "finished", "expected"),
    [
        ([], None, 9, None),
        ([0], None, 0, None),
        ([0], None, 2, None),
        ([0], None, 3, Silence(DAY, DAY + timedelta(days=3))),
        ([-30, 0], None, 5, Silence(DAY, DAY + timedelta(days=5))),
        ([0], 3, 9, None),
        ([0], 3, 10, Silence(DAY, DAY + timedelta(days=10))),
        ([0, 12], 10, 14, None),
        ([0, 12], 10, 15, Silence(DAY + timedelta(days=12), DAY + timedelta(days=15))),
        ([0, 3_650], None, 3, Silence(DAY, DAY + timedelta(days=3))),
    ],
)
def test_when_it_is_reported(
    with_articles: list[int], reported: int | None, finished: int, expected: Silence | None
) -> None:
    last = DAY + timedelta(days=reported) if reported is not None else None
    assert silence_to_report(days(*with_articles), last, DAY + timedelta(days=finished)) == expected


def fail(store: Store, clock: Clock) -> None:
    """Save the state of a feed that has failed for four days."""
    failing = FeedState(
        clock(), failing_since=clock() - timedelta(days=4), failures=40, error_kind=FeedError.LOGIN,
        error="HTTP 401 Unauthorized", url=f"{SITE}/feed.xml",
    )  # fmt: skip
    save_state(store, Shard(""), load_state(store, Shard("")), {"example": failing}, ["example"])


def test_a_quiet_month(folder_store: FolderStore, clock: Clock) -> None:
    announcer = RecordingAnnouncer()
    FeedArchiver(folder_store, clock).poll(*ITEMS)
    sent = {}
    for hour in range(0, 30 * 24, 3):
        clock.move(hours=3)
        if hour == 4 * 24:
            fail(folder_store, clock)
        before = len(announcer.announced)
        build(folder_store, clock(), announcer)
        for each in announcer.announced[before:]:
            sent[f"{clock():%d %b %H}"] = each
    assert {time: each.mail.topic.partition(":")[0] for time, each in sent.items()} == {
        "26 Dec 04": "12 articles from 1 feed",
        "29 Dec 04": "no new article for 3 days",
        "05 Jan 04": "no new article for 10 days, 1 feed needs attention",
        "12 Jan 04": "no new article for 17 days, 1 feed needs attention",
        "19 Jan 04": "no new article for 24 days, 1 feed needs attention",
    }
    assert "HTTP 401 Unauthorized" in sent["05 Jan 04"].text
    assert json.loads(sent["05 Jan 04"].data)["silent_since"] == "2025-12-25"


def test_a_report_that_could_not_be_sent_is_sent_by_the_next_build(folder_store: FolderStore, clock: Clock) -> None:
    announcer = RecordingAnnouncer()
    FeedArchiver(folder_store, clock).poll(*ITEMS)
    clock.move(days=1)
    build(folder_store, clock(), announcer)
    clock.move(days=4)
    announcer.failing = True
    with pytest.raises(StoreError):
        build(folder_store, clock(), announcer)
    announcer.failing = False
    for _ in range(3):
        clock.move(hours=1)
        build(folder_store, clock(), announcer)
    assert [each.mail.name for each in announcer.announced] == ["2025-12-25", "silence-2025-12-29"]
