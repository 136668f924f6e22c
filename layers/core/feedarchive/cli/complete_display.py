"""Show what jobs do: a progress bar on a terminal, a line for each feed, and a line for all feeds.

A job fetches the full text or the pictures of one article.
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager

from feedarchive.completion.job import DoneKind, JobKind, NotDone
from feedarchive.completion.report import CompletionReport, FinishedJob
from feedarchive.text import bytes_of, count_of, one_line
from feedarchive.url_secrets import public_url


@contextmanager
def job_progress(on_terminal: bool) -> Iterator[tuple[Callable[[int], None], Callable[[FinishedJob], None]]]:
    """Show a progress bar while the block runs. Without a terminal, no bar is shown.

    Yields two functions. Call the first function with the number of jobs, and the second with each finished job.
    """
    if not on_terminal:
        yield (lambda jobs: None), (lambda job: None)
        return
    # Imported here because importing rich is slow.
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    columns = (TextColumn("fetching pages"), BarColumn(), MofNCompleteColumn(), TimeElapsedColumn())
    with Progress(*columns, transient=True) as bar:
        task = bar.add_task("fetching pages", total=None)
        yield (lambda jobs: bar.update(task, total=jobs)), (lambda job: bar.advance(task))


def lines_of_feeds(report: CompletionReport, titles: Mapping[str, str]) -> list[str]:
    """Return a line for each feed whose jobs have stored something or failed. The lines are sorted by feed id.

    ``titles``: the title of each feed, by feed id.
    """
    by_feed: defaultdict[str, list[FinishedJob]] = defaultdict(list)
    for each in report.finished:
        by_feed[each.job.feed].append(each)
    lines = {feed: _line(jobs) for feed, jobs in sorted(by_feed.items())}
    names = {feed: f"{feed} ({titles[feed]})" if titles.get(feed) else feed for feed in lines}
    return [f"{names[feed]}: {line}" for feed, line in lines.items() if line]


def summary(report: CompletionReport) -> str:
    """Return one line about what all jobs did; "" if there is nothing to say."""
    if report.busy_until:
        until = f"{report.busy_until:%H:%M} UTC"
        return f"another process is fetching full texts and pictures; if it was killed, run again after {until}"
    parts = _counts(report.finished)
    if report.left:
        parts.append(f"{report.left:,} left for the next run")
    return ", ".join(parts)


def _line(jobs: Sequence[FinishedJob]) -> str:
    parts = _counts(jobs)
    failed = next((each for each in jobs if isinstance(each.result, NotDone)), None)
    example = f"; {public_url(failed.job.link)}: {one_line(failed.result.detail)}" if failed else ""  # type: ignore[union-attr]
    return ", ".join(parts) + example


def _counts(jobs: Sequence[FinishedJob]) -> list[str]:
    done = [each.result for each in jobs if not isinstance(each.result, NotDone)]
    stored = Counter(
        each.job.kind for each in jobs if not isinstance(each.result, NotDone) and each.result.kind is DoneKind.STORED
    )
    failed = Counter(str(each.result.reason) for each in jobs if isinstance(each.result, NotDone))
    parts = [f"{count_of(stored[JobKind.PAGE], 'full text')} stored"] if stored[JobKind.PAGE] else []
    if files := sum(each.files for each in done):
        size = bytes_of(sum(each.bytes for each in done))
        parts.append(f"{count_of(files, 'media file')} ({size}) of {count_of(stored[JobKind.MEDIA], 'article')} stored")
    if failed:
        reasons = ", ".join(f"{number:,} {reason}" for reason, number in failed.most_common())
        parts.append(f"{failed.total():,} failed ({reasons})")
    return parts
