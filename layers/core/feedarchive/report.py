"""What a run did, for people, for programs and for the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any


class RunKilled(Exception):
    """Something from outside killed a part of a run. What it had finished is archived, the rest stays due."""


@dataclass(frozen=True)
class Problem:
    """Something a person may want to know: a feed that failed, an entry that was not archived.

    ``kind`` is one word ("http", "damaged", "cut-off" …), ``detail`` a sentence.
    """

    feed: str
    kind: str
    detail: str


@dataclass(frozen=True, slots=True)
class FeedReport:
    """One feed in one run. ``outcome`` is "polled", "unchanged", "failed" or, where it was not asked because its
    server wants to be left alone for now, "deferred".
    ``bytes`` is the size of the document that was fetched, ``title`` the feed's, "" if none is known yet.
    """

    feed: str
    outcome: str
    new: int = 0
    known: int = 0
    revised: int = 0
    rejected: int = 0
    problems: tuple[Problem, ...] = ()
    bytes: int = 0
    title: str = ""

    def dropped(self) -> int:
        """How many of the rejected the user's own rules keep out."""
        return sum(problem.kind == "dropped" for problem in self.problems)


@dataclass(frozen=True)
class RunReport:
    """All feeds of a run. ``feeds`` counts the subscriptions, also those that were not due; ``left`` those that
    are due still, because the run came near its deadline.
    """

    feeds: int
    reports: tuple[FeedReport, ...] = field(default=())
    left: int = 0

    @classmethod
    def merge(cls, parts: Sequence[RunReport]) -> RunReport:
        """The report of a run that was done in parts."""
        reports = tuple(report for part in parts for report in part.reports)
        return cls(sum(part.feeds for part in parts), reports, sum(part.left for part in parts))

    @property
    def bytes(self) -> int:
        return sum(report.bytes for report in self.reports)

    def asked(self) -> int:
        """How many feeds were asked for."""
        return len(self.reports) - self.count("deferred")

    def count(self, outcome: str) -> int:
        return sum(1 for report in self.reports if report.outcome == outcome)

    def articles(self) -> dict[str, int]:
        return {what: sum(getattr(r, what) for r in self.reports) for what in ("new", "known", "revised", "rejected")}

    def problems(self) -> list[Problem]:
        return [problem for report in self.reports for problem in report.problems]

    def every_feed_failed(self) -> bool:
        return self.asked() > 0 and self.count("failed") == self.asked()

    def as_json(self) -> dict[str, Any]:
        """The report of ``feedarchive fetch --json``."""
        return {
            "feeds": self.feeds,
            "polled": self.asked(),
            "unchanged": self.count("unchanged"),
            "failed": self.count("failed"),
            "deferred": self.count("deferred"),
            "left": self.left,
            "bytes": self.bytes,
            "articles": self.articles(),
            "problems": [vars(problem) for problem in self.problems()],
        }
