"""What a run shows on a terminal: a progress bar, then a table."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn
from rich.table import Table
from rich.text import Text

from feedarchive.cli.display import counted, summary
from feedarchive.document.characters import one_line
from feedarchive.report import FeedReport, RunReport

# A table longer than this is no longer short: then feeds without news or problems are left out.
_SHORT = 40


class TerminalDisplay:
    """A progress bar while feeds are polled, then a table of them."""

    def __init__(self) -> None:
        self._console = Console(highlight=False)
        self._progress = Progress(
            TextColumn("polling"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn(),
            console=self._console, transient=True,
        )  # fmt: skip

    def created(self, location: str, feeds: int) -> None:
        self._console.print(Text(f"A new archive in {location}, with {counted(feeds, 'feed')}."))

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
        table = Table(box=None, pad_edge=False)
        table.add_column("feed", no_wrap=True, max_width=40)
        table.add_column("outcome")
        revised = any(each.revised for each in report.reports)  # most runs have none
        for count in ("new", "known", *(["revised"] if revised else [])):
            table.add_column(count, justify="right")
        table.add_column("problem", overflow="fold")
        short, told = len(report.reports) <= _SHORT, [r for r in report.reports if r.outcome != "deferred"]
        shown = report.reports if short else [r for r in told if r.new or r.problems]
        for each in shown:
            # Text, not markup: names and titles come from feeds.
            counts = [each.new, each.known, *([each.revised] if revised else [])]
            table.add_row(Text(each.feed), each.outcome, *map(str, counts), Text(_problem(each)))
        if shown:
            self._console.print(table)
        self._console.print(Text(summary(report)))


def _problem(report: FeedReport) -> str:
    if not report.problems:
        return ""
    more = f" (and {len(report.problems) - 1} more)" if len(report.problems) > 1 else ""
    # A server's own words are in it: whatever they hold, they move no cursor and end no line.
    return one_line(report.problems[0].detail) + more
