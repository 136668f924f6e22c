"""The report of a run, for people, for programs and for the log."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from feedarchive.kinds import Kind
from feedarchive.problems import EntryRejection, ProblemKind


class RunKilled(Exception):
    """A process of the run was killed. The feeds that it had finished are archived; the other feeds stay due."""


class FeedOutcome(Kind):
    """What happened to a feed in a run."""

    POLLED = "polled", "a new document was fetched, parsed and archived"
    UNCHANGED = "unchanged", "the server sent the same document as before, or 304 Not Modified"
    FAILED = "failed", "there was no document, or it was not a feed"
    DEFERRED = "deferred", "no request was made, because the host is rate limiting us"


@dataclass(frozen=True)
class Problem:
    """A problem of a feed or of one of its entries. ``detail`` is a message for people.

    ``repeated``: whether the same failure of the feed was already reported within the last day.
    """

    feed: str
    kind: ProblemKind
    detail: str
    repeated: bool = False


@dataclass(frozen=True, slots=True)
class FeedReport:
    """The report of one feed in a run.

    - ``new``, ``known``, ``revised``, ``rejected``: numbers of entries.
    - ``bytes``: the size of the fetched document.
    - ``title``: the feed's title; "" if it is not known yet.
    """

    feed: str
    outcome: FeedOutcome
    new: int = 0
    known: int = 0
    revised: int = 0
    rejected: int = 0
    problems: tuple[Problem, ...] = ()
    bytes: int = 0
    title: str = ""

    def dropped(self) -> int:
        """How many entries were rejected because the user's own rules exclude them."""
        return sum(problem.kind == EntryRejection.DROPPED for problem in self.problems)


@dataclass(frozen=True)
class RunReport:
    """The report of all feeds of a run.

    - ``feeds``: the number of subscriptions, including those that were not due.
    - ``left``: the number of feeds that are still due because the run reached its deadline.
    """

    feeds: int
    reports: tuple[FeedReport, ...] = field(default=())
    left: int = 0

    @classmethod
    def merge(cls, parts: Sequence[RunReport]) -> RunReport:
        """Combine the reports of the parts of a run into one report."""
        reports = tuple(report for part in parts for report in part.reports)
        return cls(sum(part.feeds for part in parts), reports, sum(part.left for part in parts))

    @property
    def bytes(self) -> int:
        return sum(report.bytes for report in self.reports)

    def requested(self) -> int:
        """The number of feeds for which a request was made."""
        return len(self.reports) - self.count(FeedOutcome.DEFERRED)

    def count(self, outcome: FeedOutcome) -> int:
        return sum(report.outcome == outcome for report in self.reports)

    def articles(self) -> dict[str, int]:
        """How many entries were new, known, revised and rejected."""
        return {name: sum(getattr(r, name) for r in self.reports) for name in ("new", "known", "revised", "rejected")}

    def problems(self) -> list[Problem]:
        return [problem for report in self.reports for problem in report.problems]

    def has_new_problem(self) -> bool:
        """Is there a problem that is not ``repeated``?"""
        return any(not problem.repeated for problem in self.problems())

    def every_feed_failed(self) -> bool:
        return self.requested() > 0 and self.count(FeedOutcome.FAILED) == self.requested()

    def as_json(self) -> dict[str, Any]:
        """The report of ``feedarchive fetch --json``."""
        return {
            "feeds": self.feeds,
            "polled": self.requested(),
            "unchanged": self.count(FeedOutcome.UNCHANGED),
            "failed": self.count(FeedOutcome.FAILED),
            "deferred": self.count(FeedOutcome.DEFERRED),
            "left": self.left,
            "bytes": self.bytes,
            "articles": self.articles(),
            "problems": [vars(problem) for problem in self.problems()],
        }
