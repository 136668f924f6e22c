"""A progress bar for copies and checks. It shows bytes, speed and remaining time."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from feedarchive.copying.report import NoProgress, Progress


@contextmanager
def copy_progress(on_terminal: bool, verb: str = "copying") -> Iterator[Progress]:
    """Show a progress bar while the block runs. Yields the object that moves the bar.

    Without a terminal, no bar is shown, and the object does nothing.
    """
    if not on_terminal:
        yield NoProgress()
        return
    # Imported here because importing rich is slow.
    from rich.progress import BarColumn, DownloadColumn, TextColumn, TimeRemainingColumn, TransferSpeedColumn
    from rich.progress import Progress as Bar

    columns = (
        TextColumn(verb), BarColumn(), DownloadColumn(), TransferSpeedColumn(), TimeRemainingColumn(compact=True),
    )  # fmt: skip
    with Bar(*columns, transient=True) as bar:
        task = bar.add_task(verb, total=0)
        expected = 0

        class ByteProgress:
            def expect(self, size: int) -> None:
                nonlocal expected
                expected += size
                bar.update(task, total=expected)

            def advance(self, size: int) -> None:
                bar.advance(task, size)

        yield ByteProgress()
