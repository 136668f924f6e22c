"""Run jobs with a progress bar, and log what they did. A job fetches the full text or the pictures of one article."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime

from feedarchive.archive.open_archive import OpenArchive
from feedarchive.cli.complete_display import job_progress, lines_of_feeds, summary
from feedarchive.cli.interrupt import interruptible
from feedarchive.clock import now
from feedarchive.completion.complete_articles import Completion
from feedarchive.completion.due_jobs import Extent
from feedarchive.completion.report import CompletionReport
from feedarchive.feeds.feed import Feed
from feedarchive.fetching.waiting import Waiting
from feedarchive.parsing.pool import shared_parser_pool
from feedarchive.store.interface import Store
from feedarchive.text import one_line

_log = logging.getLogger("feedarchive")


def run_jobs(
    store: Store,
    archive: OpenArchive,
    on_terminal: bool,
    polled_until: datetime | None = None,
    extent: Extent = Extent(),  # noqa: B008 - Extent is frozen
) -> CompletionReport:
    """Run all jobs that are due. Raises StoreError.

    - ``polled_until``: the time at which the last poll of this run ended; None if this run does not poll.
    - ``extent``: the limits of the run, and jobs to run in addition to those that are due.
    """
    wait = Waiting()
    with (
        interruptible("interrupted; waiting for the pages that are being fetched"),
        job_progress(on_terminal) as (on_start, on_job),
    ):
        return Completion(
            store, archive, now, wait, shared_parser_pool(),
            interrupt=wait.interrupt,
            polled_until=polled_until,
            on_start=on_start,
            on_job=on_job,
        ).run(extent)  # fmt: skip


def print_report(report: CompletionReport, feeds: Sequence[Feed], log_if_nothing: bool = False) -> None:
    """Log one line for each feed and one line for all feeds.

    ``log_if_nothing``: whether to log a line if there was nothing to fetch.
    """
    for problem in report.problems:
        _log.warning("%s", problem)
    for line in lines_of_feeds(report, {feed.id: one_line(feed.title) for feed in feeds}):
        _log.info("%s", line)
    if line := summary(report) or ("nothing to fetch now" if log_if_nothing and not report.problems else ""):
        _log.info("%s", line)
