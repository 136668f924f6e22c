"""What a run did, for people, for programs and for the log."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True)
class Problem:
    """Something a person may want to know: a feed that failed, an entry that was not archived.

    ``kind`` is one word ("http", "damaged", "cut-off" …), ``detail`` a sentence.
    """

    feed: str
    kind: str
    detail: str


@dataclass(frozen=True)
class FeedReport:
    """One feed in one run. ``outcome`` is "polled", "unchanged" or "failed"."""

    feed: str
    outcome: str
    new: int = 0
    known: int = 0
    revised: int = 0
    rejected: int = 0
    problems: tuple[Problem, ...] = ()


@dataclass(frozen=True)
class RunReport:
    """All feeds of a run. ``feeds`` counts the subscriptions, also those that were not due."""

    feeds: int
    reports: tuple[FeedReport, ...] = field(default=())

    def count(self, outcome: str) -> int:
        return sum(1 for report in self.reports if report.outcome == outcome)

    def articles(self) -> dict[str, int]:
        return {what: sum(getattr(r, what) for r in self.reports) for what in ("new", "known", "revised", "rejected")}

    def problems(self) -> list[Problem]:
        return [problem for report in self.reports for problem in report.problems]

    def every_feed_failed(self) -> bool:
        return bool(self.reports) and self.count("failed") == len(self.reports)

    def as_json(self) -> dict[str, Any]:
        """The report of ``feedarchive fetch --json``."""
        return {
            "feeds": self.feeds,
            "polled": len(self.reports),
            "unchanged": self.count("unchanged"),
            "failed": self.count("failed"),
            "articles": self.articles(),
            "problems": [vars(problem) for problem in self.problems()],
        }
