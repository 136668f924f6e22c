"""Rare cases of the rules of revisions: two feeds with one article, a clock that was set back, other time zones."""

from __future__ import annotations

from datetime import date

import pytest

from feedarchive.archive.revisions import Verdict, Version, decide
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item

DAY, NEXT = date(2025, 12, 25), date(2025, 12, 26)


@pytest.mark.parametrize(
    ("versions", "feed", "wording", "today", "verdict"),
    [
        # The feed of the first version now has the wording that the other feed had today.
        ([("a", "1:x", DAY), ("b", "1:y", DAY)], "a", "1:y", DAY, Verdict.BACK_TODAY),
        ([("a", "1:x", DAY), ("b", "1:y", DAY)], "a", "1:y", NEXT, Verdict.REVISE),
        ([("a", "1:x", DAY), ("b", "1:y", DAY)], "a", "1:z", DAY, Verdict.REVISE),
        # Another feed has the wording of the last version, or another wording.
        ([("a", "1:x", DAY)], "b", "1:x", NEXT, Verdict.SAME),
        ([("a", "1:x", DAY), ("a", "1:y", DAY)], "b", "1:y", NEXT, Verdict.SAME),
        ([("a", "1:x", DAY), ("a", "1:y", DAY)], "b", "1:x", NEXT, Verdict.IF_FULLER),
        # The clock was set back by a day: the last version is of a day that is to come.
        ([("a", "1:x", NEXT), ("a", "1:y", NEXT)], "a", "1:x", DAY, Verdict.BACK_TODAY),
        ([("a", "1:x", DAY), ("a", "1:y", DAY), ("a", "1:z", NEXT)], "a", "1:w", DAY, Verdict.ENOUGH_TODAY),
        # Only the day of the last version counts.
        ([("a", "1:x", DAY), ("a", "1:y", DAY), ("a", "1:z", DAY), ("a", "1:v", NEXT)], "a", "1:w", NEXT,
         Verdict.ENOUGH_TODAY),
    ],
)  # fmt: skip
def test_the_rules(
    versions: list[tuple[str, str, date]], feed: str, wording: str, today: date, verdict: Verdict
) -> None:
    assert decide([Version(*version) for version in versions], feed, wording, today) is verdict


def test_a_day_is_a_day_of_the_archives_time_zone(folder_store: FolderStore, clock: Clock) -> None:
    """In Auckland, 10:30 and 11:30 UTC are two days."""
    archiver = FeedArchiver(folder_store, clock, zone="Pacific/Auckland")
    first, second = (Item("A bridge", link="https://example.org/a", text=text) for text in ("Spring.", "Summer."))
    clock.now = clock().replace(hour=10, minute=30)
    assert (archiver.poll(first).new, archiver.poll(second).revised, archiver.poll(first).revised) == (1, 1, 0)
    clock.move(hours=1)
    assert archiver.poll(first).revised == 1


@pytest.mark.parametrize(("letters", "revised"), [(39, 0), (40, 1)])
def test_another_feed_revises_an_article_with_a_text_at_least_twice_as_long(
    folder_store: FolderStore, clock: Clock, letters: int, revised: int
) -> None:
    archiver = FeedArchiver(folder_store, clock)
    item = Item("A bridge", link="https://example.org/a", text="abcd " * 5)
    archiver.poll(item)
    longer = Item(item.title, link=item.link, text=" ".join("abcdefghijklmnopqrstuvwxyz" * 2)[: 2 * letters - 1])
    assert archiver.poll(longer, url="https://example.org/full.xml").revised == revised
