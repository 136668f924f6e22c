"""Show the progress of a replay on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console

from feedarchive.replay.replay import ReplayReport
from feedarchive.text import count_of


@contextmanager
def replay_progress() -> Iterator[Callable[[ReplayReport], None]]:
    """Yields a function that shows the progress on one line. Without a terminal, the function does nothing."""
    if not sys.stderr.isatty():
        yield lambda report: None
        return
    with Console(stderr=True).status("reading documents") as status:

        def show(report: ReplayReport) -> None:
            day = f"{report.last:%Y-%m-%d}: " if report.last else ""
            counts = f"{count_of(report.documents, 'document')}, {count_of(report.new, 'article')}"
            status.update(f"replaying {day}{counts}")

        yield show
