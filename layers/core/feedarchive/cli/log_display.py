"""What ``fetch`` prints: the interface ``Display``, and ``LogDisplay``, which writes lines to the log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from feedarchive.polling.transport_errors import OFFLINE_ERRORS
from feedarchive.problems import EntryRejection
from feedarchive.report import FeedOutcome, FeedReport, Problem, RunReport
from feedarchive.text import count_of, one_line

_log = logging.getLogger("feedarchive")


class Display(Protocol):
    """Shows what a run does.

    ``feed_done`` and ``feeds_not_due`` are called inside ``with progress(…)``, ``finished`` after it.
    """

    def created(self, location: str, feeds: int) -> None: ...

    def progress(self, feeds: int) -> AbstractContextManager[None]: ...

    def feed_done(self, report: FeedReport) -> None: ...

    def feeds_not_due(self, feeds: int) -> None: ...

    def finished(self, report: RunReport) -> None: ...


class LogDisplay:
    """Logs a line for each feed with new articles, a line for each problem, and a line for the run."""

    def created(self, location: str, feeds: int) -> None:
        _log.info("created a new archive in %s with %s", location, count_of(feeds, "feed"))

    @contextmanager
    def progress(self, feeds: int) -> Iterator[None]:
        yield

    def feed_done(self, report: FeedReport) -> None:
        if report.new or report.revised or (report.problems and report.outcome != FeedOutcome.FAILED):
            revised = f", {report.revised} revised" if report.revised else ""
            _log.info("%s: %s, %d new, %d known%s", _name(report), report.outcome, report.new, report.known, revised)
        # Do not log a deferred feed: its host has rate limited another feed, and the log has a warning about that feed.
        if report.outcome == FeedOutcome.DEFERRED:
            return
        for problem in summarized_problems(report):
            is_known = problem.repeated or problem.kind == EntryRejection.DROPPED
            level = logging.INFO if is_known else logging.WARNING
            _log.log(level, "%s: %s: %s", _name(report), problem.kind, one_line(problem.detail))

    def feeds_not_due(self, feeds: int) -> None:
        """Do nothing: feeds that are not due are not logged."""

    def finished(self, report: RunReport) -> None:
        is_news = report.every_feed_failed() and report.has_new_problem()
        _log.log(logging.WARNING if is_news else logging.INFO, "%s", summary(report))


def _name(report: FeedReport) -> str:
    title = one_line(report.title)
    return f"{report.feed} ({title})" if title and title != report.feed else report.feed


def summarized_problems(report: FeedReport) -> list[Problem]:
    """Returns the problems of a feed. All excluded entries become one problem: "3 excluded by your rules"."""
    problems = [problem for problem in report.problems if problem.kind != EntryRejection.DROPPED]
    if dropped := report.dropped():
        detail = f"{dropped} excluded by your rules"
        problems.append(Problem(report.feed, EntryRejection.DROPPED, detail))
    return problems


def summary(report: RunReport) -> str:
    """Returns one line that says what the run did."""
    articles = report.articles()
    if not report.reports and not report.left:
        return "no feed is due yet (--all polls every feed)"
    parts = [f"{report.requested()} of {count_of(report.feeds, 'feed')} polled"]
    counts = {o.value: report.count(o) for o in (FeedOutcome.UNCHANGED, FeedOutcome.FAILED, FeedOutcome.DEFERRED)}
    counts["left for the next run"] = report.left
    parts += [f"{number} {name}" for name, number in counts.items() if number]
    dropped = sum(each.dropped() for each in report.reports)
    articles["rejected"] -= dropped
    articles["excluded by your rules"] = dropped
    parts += [f"{number} {name}" for name, number in articles.items() if number or name == "new"]
    if report.every_feed_failed() and {problem.kind for problem in report.problems()} <= OFFLINE_ERRORS:
        parts.append("no server could be reached: is this machine online?")
    return ", ".join(parts)
