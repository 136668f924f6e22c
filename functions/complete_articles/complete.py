"""Do the jobs that are due, and stop before Lambda's timeout. The next invocation does the jobs that are left."""

from __future__ import annotations

import os
import time
from dataclasses import replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from feedarchive.archive.manifest import is_archive
from feedarchive.archive.open_archive import OpenArchive, open_for_reading
from feedarchive.archive.retention import effective_retention, limited_to_days
from feedarchive.clock import now
from feedarchive.completion.complete_articles import Completion
from feedarchive.completion.due_jobs import Extent
from feedarchive.completion.report import CompletionReport
from feedarchive.fetching.waiting import Waiting
from feedarchive.parsing.pool import shared_parser_pool
from feedarchive.store.interface import Store, StoreError
from feedarchive.store.location import open_store
from logging_and_metrics import add_run_metrics, log_job, log_run, logger

# The number of threads, each for one host. Most of them wait until their host may get the next request. The command
# line uses more threads; this function has only 1 GiB of memory.
_HOSTS = 32
# No job is started in the last two minutes before Lambda's timeout, because a job may have to fetch and store 100 MB.
_RESERVE = timedelta(minutes=2)


@cache
def store() -> Store:
    return open_store(f"s3://{os.environ['BUCKET']}", connections=_HOSTS)


def complete(context: LambdaContext) -> dict[str, Any]:
    """Do the jobs that are due. Return the report without its problems, which are logged.

    Before the first run there is no archive, so nothing is done.
    """
    try:
        if not is_archive(store()):
            return CompletionReport().as_json()
        started = time.monotonic()
        limit = timedelta(milliseconds=context.get_remaining_time_in_millis()) - _RESERVE
        completion = Completion(
            store(), _archive(now()), now, Waiting(), shared_parser_pool(), workers=_HOSTS, on_job=log_job
        )
        report = completion.run(Extent(limit))
    except StoreError as error:
        logger.error(str(error))
        raise
    seconds = time.monotonic() - started
    log_run(report, seconds)
    add_run_metrics(report, seconds)
    return {name: value for name, value in report.as_json().items() if name != "problems"}


def _archive(at: datetime) -> OpenArchive:
    """The archive with the stack's retention. The pages of expired articles are not fetched."""
    archive = open_for_reading(store())
    configured = limited_to_days(archive.feeds.retention, int(os.environ["RETENTION_DAYS"]))
    return replace(archive, feeds=replace(archive.feeds, retention=effective_retention(store(), configured, at)))
