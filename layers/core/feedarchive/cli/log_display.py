"""What a run shows, wherever it is shown; plain lines in a log."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import Protocol

from feedarchive.polling.transport_errors import OFFLINE_ERRORS
from feedarchive.report import FeedReport, Problem, RunReport
from feedarchive.text import count_of, one_line

_log = logging.getLogger("feedarchive")


class Display(Protocol):
    """What is told of a run while it goes on: ``feed_done`` and ``not_due`` between the two ends of ``progress``."""

    def created(self, location: str, feeds: int) -> None: ...

    def progress(self, feeds: int) -> AbstractContextManager[None]: ...

    def feed_done(self, report: FeedReport) -> None: ...

    def not_due(self, feeds: int) -> None: ...

    def finished(self, report: RunReport) -> None: ...


class LogDisplay:
    """One line per feed with news or problems, one for the run."""

    def created(self, location: str, feeds: int) -> None:
        _log.info("made a new archive in %s with %s", location, count_of(feeds, "feed"))

    @contextmanager
    def progress(self, feeds: int) -> Iterator[None]:
        yield

    def feed_done(self, report: FeedReport) -> None:
        if report.new or report.revised or (report.problems and report.outcome != "failed"):
            revised = f", {report.revised} revised" if report.revised else ""
            _log.info("%s: %s, %d new, %d known%s", _named(report), report.outcome, report.new, report.known, revised)
        if report.outcome == "deferred":  # the feed that its server refused was told of
            return
        for problem in told(report):
            level = logging.INFO if problem.kind == "dropped" else logging.WARNING
            _log.log(level, "%s: %s: %s", _named(report), problem.kind, one_line(problem.detail))

    def not_due(self, feeds: int) -> None:
        """Nobody needs to know."""

    def finished(self, report: RunReport) -> None:
        _log.info("%s", summary(report))


def _named(report: FeedReport) -> str:
    """The feed's id, which commands take, and its title."""
    title = one_line(report.title)
    return f"{report.feed} ({title})" if title and title != report.feed else report.feed


def told(report: FeedReport) -> list[Problem]:
    """A feed's problems as a person wants them: what the user's own rules keep out is one, and no surprise."""
    dropped = report.dropped()
    others = [problem for problem in report.problems if problem.kind != "dropped"]
    return others + [Problem(report.feed, "dropped", f"{dropped} kept out by your rules")] * bool(dropped)


def summary(report: RunReport) -> str:
    """One line: what the run did."""
    articles = report.articles()
    if not report.reports and not report.left:
        return "no feed is due yet (--all polls them all the same)"
    parts = [f"{report.asked()} of {count_of(report.feeds, 'feed')} polled"]
    outcomes = {what: report.count(what) for what in ("unchanged", "failed", "deferred")}
    parts += [f"{n} {what}" for what, n in {**outcomes, "left for the next run": report.left}.items() if n]
    dropped = sum(each.dropped() for each in report.reports)
    articles["rejected"] -= dropped
    articles["kept out by your rules"] = dropped
    parts += [f"{n} {what}" for what, n in articles.items() if n or what == "new"]
    if report.every_feed_failed() and {problem.kind for problem in report.problems()} <= OFFLINE_ERRORS:
        parts.append("no server was reached: is this machine online?")
    return ", ".join(parts)
