"""The numbers of a run's report."""

from __future__ import annotations

import pytest

from feedarchive.problems import EntryRejection, FeedError
from feedarchive.report import FeedOutcome, FeedReport, Problem, RunReport

DROPPED = Problem("a", EntryRejection.DROPPED, "not archived: an advertisement")
FAILED = Problem("c", FeedError.DNS, "example.org cannot be looked up")
REPORT = RunReport(
    9,
    (
        FeedReport("a", FeedOutcome.POLLED, new=3, known=2, revised=1, rejected=2, problems=(DROPPED,), bytes=1000),
        FeedReport("b", FeedOutcome.UNCHANGED, bytes=500),
        FeedReport("c", FeedOutcome.FAILED, problems=(FAILED,)),
        FeedReport("d", FeedOutcome.DEFERRED),
    ),
    left=4,
)


def test_the_report_as_json() -> None:
    assert REPORT.as_json() == {
        "feeds": 9, "polled": 3, "unchanged": 1, "failed": 1, "deferred": 1, "left": 4, "bytes": 1500,
        "articles": {"new": 3, "known": 2, "revised": 1, "rejected": 2},
        "problems": [
            {"feed": "a", "kind": "dropped", "detail": "not archived: an advertisement", "repeated": False},
            {"feed": "c", "kind": "dns", "detail": "example.org cannot be looked up", "repeated": False},
        ],
    }  # fmt: skip


def test_entries_that_the_users_rules_exclude_are_counted() -> None:
    assert [report.dropped() for report in REPORT.reports] == [1, 0, 0, 0]


@pytest.mark.parametrize(
    ("outcomes", "failed"),
    [
        ([], False),
        ([FeedOutcome.FAILED], True),
        ([FeedOutcome.FAILED, FeedOutcome.DEFERRED], True),
        ([FeedOutcome.FAILED, FeedOutcome.UNCHANGED], False),
        ([FeedOutcome.DEFERRED], False),
    ],
)
def test_a_run_fails_if_every_feed_that_was_requested_failed(outcomes: list[FeedOutcome], failed: bool) -> None:
    report = RunReport(5, tuple(FeedReport("a", outcome) for outcome in outcomes))
    assert report.every_feed_failed() is failed


def test_the_reports_of_parts_are_added_up() -> None:
    merged = RunReport.merge([REPORT, RunReport(2, (FeedReport("e", FeedOutcome.POLLED, new=1),), left=1)])
    assert (merged.feeds, merged.left, merged.requested(), merged.articles()["new"]) == (11, 5, 4, 4)
