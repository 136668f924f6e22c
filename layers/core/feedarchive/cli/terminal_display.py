"""What ``fetch`` prints on a terminal: a progress bar, then a table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from feedarchive.cli.log_display import summarized_problems, summary
from feedarchive.cli.table import Column, Row, print_table
from feedarchive.report import FeedOutcome, FeedReport, RunReport
from feedarchive.text import count_of

# If a run has more feeds than this, the table shows only feeds with new articles or problems.
_MAX_ROWS = 40
_MAX_PROBLEMS_OF_FEED = 3


class TerminalDisplay:
    """A progress bar while feeds are polled, then a table of them."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._progress = Progress(
            TextColumn("polling"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=self._console, transient=True,
        )  # fmt: skip

    def created(self, location: str, feeds: int) -> None:
        self._console.print(Text(f"Created a new archive in {location} with {count_of(feeds, 'feed')}."))

    @contextmanager
    def progress(self, feeds: int) -> Iterator[None]:
        self._task = self._progress.add_task("polling", total=feeds)
        with self._progress:
            yield

    def feed_done(self, report: FeedReport) -> None:
        self._progress.advance(self._task)

    def feeds_not_due(self, feeds: int) -> None:
        self._progress.advance(self._task, feeds)

    def finished(self, report: RunReport) -> None:
        reports = list(report.reports)
        if len(reports) > _MAX_ROWS:
            reports = [r for r in reports if r.outcome != FeedOutcome.DEFERRED and (r.new or summarized_problems(r))]
        counts = ["new", "known", *(["revised"] if any(each.revised for each in reports) else [])]
        columns = [Column("feed"), Column("outcome"), *(Column(count, "right") for count in counts), Column("problem")]
        rows = [
            Row((r.title or r.feed, r.outcome, *(str(getattr(r, count)) for count in counts)), _problems(r))
            for r in reports
        ]
        if rows:
            print_table(self._console, columns, rows)
        self._console.print(Text(summary(report)))


def _problems(report: FeedReport) -> str:
    details = [problem.detail for problem in summarized_problems(report)]
    more = [f"and {len(details) - _MAX_PROBLEMS_OF_FEED} more"] if len(details) > _MAX_PROBLEMS_OF_FEED else []
    return "; ".join([*details[:_MAX_PROBLEMS_OF_FEED], *more])
