"""What a run shows on a terminal: a progress bar, then a table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.text import Text

from feedarchive.cli.log_display import summary, told
from feedarchive.cli.table import Column, Row, print_table
from feedarchive.report import FeedReport, RunReport
from feedarchive.text import count_of

# A table longer than this is no longer short: then feeds without news or problems are left out.
_SHORT = 40
_MAX_PROBLEMS = 3  # problems of a feed: a log has all of them


class TerminalDisplay:
    """A progress bar while feeds are polled, then a table of them."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._progress = Progress(
            TextColumn("polling"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=self._console, transient=True,
        )  # fmt: skip

    def created(self, location: str, feeds: int) -> None:
        self._console.print(Text(f"A new archive in {location}, with {count_of(feeds, 'feed')}."))

    @contextmanager
    def progress(self, feeds: int) -> Iterator[None]:
        self._task = self._progress.add_task("polling", total=feeds)
        with self._progress:
            yield

    def feed_done(self, report: FeedReport) -> None:
        self._progress.advance(self._task)

    def not_due(self, feeds: int) -> None:
        self._progress.advance(self._task, feeds)

    def finished(self, report: RunReport) -> None:
        short, heard = len(report.reports) <= _SHORT, [r for r in report.reports if r.outcome != "deferred"]
        shown = report.reports if short else [r for r in heard if r.new or told(r)]
        counts = ["new", "known", *(["revised"] if any(each.revised for each in shown) else [])]
        columns = [Column("feed"), Column("outcome"), *(Column(count, "right") for count in counts), Column("problem")]
        rows = [
            Row((each.title or each.feed, each.outcome, *(str(getattr(each, count)) for count in counts)), _words(each))
            for each in shown
        ]
        if rows:
            print_table(self._console, columns, rows)
        self._console.print(Text(summary(report)))


def _words(report: FeedReport) -> str:
    problems = [problem.detail for problem in told(report)]
    more = [f"and {len(problems) - _MAX_PROBLEMS} more"] if len(problems) > _MAX_PROBLEMS else []
    return "; ".join([*problems[:_MAX_PROBLEMS], *more])
