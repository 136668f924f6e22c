"""The digest of a day that is over is amended for as long as an article may still join the day."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.digests import DAY, ITEMS, RecordingAnnouncer, build
from tests.harness.failing_store import FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver


@pytest.mark.parametrize("age", [timedelta(days=1), timedelta(days=7), timedelta(days=7, hours=13, minutes=59)])
def test_an_article_that_joins_a_past_day_is_in_its_next_digest(
    folder_store: FolderStore, clock: Clock, age: timedelta
) -> None:
    """The article is written up to seven days after its claim. The digest may be built some hours later."""
    announcer = RecordingAnnouncer()
    FeedArchiver(folder_store, clock).poll(ITEMS[0])
    with pytest.raises(Killed):
        FeedArchiver(FailingStore(folder_store, 2, Killed(), after=True), clock, stateless=True).poll(ITEMS[1])
    started = clock()
    clock.now = started + timedelta(days=1)
    build(folder_store, clock(), announcer)
    clock.now = started + min(age, timedelta(days=7))
    FeedArchiver(folder_store, clock, stateless=True).poll(*ITEMS[:2])
    result = build(folder_store, started + age, announcer)
    amended = next(built for built in result.built if built.day == DAY)
    assert amended.changed
    assert amended.counts["files"] == 2
    assert [each.mail.name for each in announcer.announced].count(DAY.isoformat()) == 1


def test_a_digest_is_built_again_for_eight_days(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(ITEMS[0])
    for days, is_built in ((2, True), (8, True), (9, False)):
        result = build(folder_store, clock() + timedelta(days=days))
        assert (DAY in [built.day for built in result.built]) is is_built
