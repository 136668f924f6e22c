"""The rules of revisions without state: when an edit is kept, and when it is held back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedarchive.archive.revision_rules import Verdict, Version, decide, distance_after
from feedarchive.store.folder import FolderStore
from tests.harness.clock import CHRISTMAS, Clock
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item

HOUR = timedelta(hours=1)
THREE = [("a", "1:x", 0.0), ("a", "1:y", 0.0), ("a", "1:z", 0.0)]


@pytest.mark.parametrize(
    ("versions", "feed", "wording", "hours", "verdict"),
    [
        ([("a", "1:x", 0)], "a", "1:x", 0, Verdict.SAME),
        ([("a", "1:x", 0)], "a", "1:y", 0, Verdict.REVISE),
        ([("a", "1:x", 0)], "a", "3:y", 0, Verdict.SAME),  # a fingerprint in an unknown format
        ([("", "1:x", 0)], "a", "1:y", 0, Verdict.REVISE),  # a claim that was recovered from its file
        ([("a", "1:x", 0), ("a", "1:y", 0)], "a", "1:x", 23.9, Verdict.BACK_TOO_SOON),
        ([("a", "1:x", 0), ("a", "1:y", 0)], "a", "1:x", 24, Verdict.REVISE),
        ([("a", "1:x", 0), ("a", "1:y", 0)], "a", "1:z", 0, Verdict.REVISE),
        (THREE, "a", "1:w", 1.9, Verdict.TOO_SOON),
        (THREE, "a", "1:w", 2, Verdict.REVISE),
        # Only the time of the last version counts.
        ([*THREE, ("a", "1:v", 24)], "a", "1:w", 26, Verdict.TOO_SOON),
        ([*THREE, ("a", "1:v", 24)], "a", "1:w", 26.3, Verdict.REVISE),
        # Two feeds. The feed of the first version now has the wording that the other feed had.
        ([("a", "1:x", 0)], "b", "1:y", 0, Verdict.IF_FULLER),
        ([("a", "1:x", 0)], "b", "1:x", 24, Verdict.SAME),
        ([("a", "1:x", 0), ("b", "1:y", 0)], "b", "1:z", 24, Verdict.SAME),
        ([("a", "1:x", 0), ("b", "1:y", 0)], "c", "1:z", 24, Verdict.SAME),
        ([("a", "1:x", 0), ("b", "1:y", 0)], "a", "1:x", 24, Verdict.SAME),
        ([("a", "1:x", 0), ("b", "1:y", 0)], "a", "1:y", 0, Verdict.BACK_TOO_SOON),
        ([("a", "1:x", 0), ("b", "1:y", 0)], "a", "1:y", 24, Verdict.REVISE),
        ([("a", "1:x", 0), ("b", "1:y", 0)], "a", "1:z", 0, Verdict.REVISE),
        ([("a", "1:x", 0), ("a", "1:y", 0)], "b", "1:y", 24, Verdict.SAME),
        ([("a", "1:x", 0), ("a", "1:y", 0)], "b", "1:x", 24, Verdict.IF_FULLER),
        # The clock was set back by an hour, or was years ahead when the last version was archived.
        ([("a", "1:x", 1), ("a", "1:y", 1)], "a", "1:x", 0, Verdict.BACK_TOO_SOON),
        ([("a", "1:x", 0), ("a", "1:y", 0), ("a", "1:z", 1)], "a", "1:w", 0, Verdict.TOO_SOON),
        ([("a", "1:x", 0), ("a", "1:y", 0), ("a", "1:z", 80_000)], "a", "1:w", 0, Verdict.REVISE),
    ],
)  # fmt: skip
def test_the_rules(
    versions: list[tuple[str, str, float]], feed: str, wording: str, hours: float, verdict: Verdict
) -> None:
    found = [Version(feed, wording, CHRISTMAS + at * HOUR) for feed, wording, at in versions]
    assert decide(found, feed, wording, CHRISTMAS + hours * HOUR) is verdict


def _versions(number: int) -> list[Version]:
    return [Version("a", f"1:{n}", CHRISTMAS + n * HOUR) for n in range(number)]


@pytest.mark.parametrize(("hours", "verdict"), [(1.9, Verdict.TOO_SOON), (2, Verdict.REVISE)])
@pytest.mark.parametrize("number", [3, 12, 23])
def test_a_new_title_that_the_feed_had_for_two_hours_is_kept_at_any_distance(
    number: int, hours: float, verdict: Verdict
) -> None:
    now = CHRISTMAS + number * HOUR
    assert decide(_versions(number), "a", "1:x", now, new_title_age=hours * HOUR) is verdict


@pytest.mark.parametrize(("days", "verdict"), [(6.9, Verdict.ENOUGH), (7, Verdict.REVISE)])
def test_an_article_has_at_most_24_versions_in_its_first_week(days: float, verdict: Verdict) -> None:
    now = CHRISTMAS + timedelta(days=days)
    assert decide(_versions(23), "a", "1:x", now, new_title_age=HOUR * 9) is Verdict.REVISE
    assert decide(_versions(24), "a", "1:x", now, new_title_age=HOUR * 9) is verdict


def test_the_distance_grows_to_a_day() -> None:
    distances = [distance_after(versions) for versions in range(3, 200)]
    assert distances[0] == 2 * HOUR
    assert distances == sorted(distances)
    assert distances[-1] == 24 * HOUR
    # A text that changes at every poll has at most 24 versions in the first week.
    assert sum(distances[:21], timedelta()) > timedelta(days=6)


@pytest.mark.parametrize(("letters", "revised"), [(39, 0), (40, 1)])
def test_another_feed_revises_an_article_with_a_text_at_least_twice_as_long(
    folder_store: FolderStore, clock: Clock, letters: int, revised: int
) -> None:
    archiver = FeedArchiver(folder_store, clock)
    item = Item("A bridge", link="https://example.org/a", text="abcd " * 5)
    archiver.poll(item)
    longer = Item(item.title, link=item.link, text=" ".join("abcdefghijklmnopqrstuvwxyz" * 2)[: 2 * letters - 1])
    assert archiver.poll(longer, url="https://example.org/full.xml").revised == revised
