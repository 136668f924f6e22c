"""The function's log lines and metrics.

Every line has the keys ``run``, ``shard`` and ``feed``. A key that does not apply to a line is "".
"""

from __future__ import annotations

import warnings

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.logging import utils
from aws_lambda_powertools.metrics import MetricUnit

from feedarchive.report import FeedOutcome, FeedReport, RunReport

# template.yaml sets the service of the logger and the namespace of the metrics in environment variables.
logger = Logger()
metrics = Metrics()
# Powertools warns when there are no metrics. A run that failed has none, and its error is in the log anyway.
warnings.filterwarnings("ignore", "No application metrics")
# Lines that the package feedarchive logs get the same format and keys.
utils.copy_config_to_registered_loggers(source_logger=logger, include={"feedarchive"}, ignore_log_level=True)


def set_log_context(run: str, shard: str) -> None:
    """Add this run and this shard to all later log lines."""
    logger.append_keys(run=run, shard=shard, feed="")


def log_plan(feeds: int, shards: int) -> None:
    """Log how many feeds and shards the planner has found. The number of feeds is also a metric."""
    logger.info("planned", extra={"feeds": feeds, "shards": shards})
    metrics.add_metric(name="Feeds", unit=MetricUnit.Count, value=feeds)


def log_feed(report: FeedReport) -> None:
    """Log one line for the poll of a feed, and one line for each problem of the feed. No line contains credentials.

    A problem that was already logged within the last day has level INFO, other problems have level WARNING. Unchanged
    feeds are logged only with level DEBUG: storing a line for each poll of 2,000 feeds costs half a dollar a month.
    """
    counts = {name: getattr(report, name) for name in ("new", "known", "revised", "rejected")}
    log = logger.debug if report.outcome == FeedOutcome.UNCHANGED else logger.info
    log(report.outcome, extra={"feed": report.feed, **counts})
    for problem in report.problems:
        log = logger.info if problem.repeated else logger.warning
        log(problem.detail, extra={"feed": report.feed, "problem": problem.kind})


def log_run(report: RunReport, seconds: float) -> None:
    """Log a line for a run: how many feeds were polled, unchanged and failed, and how many articles were found."""
    unchanged, failed = report.count(FeedOutcome.UNCHANGED), report.count(FeedOutcome.FAILED)
    polled = {"polled": report.requested(), "unchanged": unchanged, "failed": failed}
    logger.info("finished", extra={**polled, **report.articles(), "seconds": round(seconds, 1)})


def add_run_metrics(report: RunReport, seconds: float, oldest_due: float, failing_share: float) -> None:
    """Add the metrics of one shard's run. A run without due feeds adds zeros, because missing data causes an alarm.

    ``oldest_due`` is the longest time that a feed has been due, in seconds; ``failing_share`` is a percentage.
    """
    articles = report.articles()
    counts = {
        "Runs": 1,
        "Polled": report.requested(),
        "Unchanged": report.count(FeedOutcome.UNCHANGED),
        "Failed": report.count(FeedOutcome.FAILED),
        "New": articles["new"],
        "Known": articles["known"],
        "Revised": articles["revised"],
    }
    for name, value in counts.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
    metrics.add_metric(name="Bytes", unit=MetricUnit.Bytes, value=report.bytes)
    metrics.add_metric(name="Duration", unit=MetricUnit.Seconds, value=seconds)
    metrics.add_metric(name="OldestDue", unit=MetricUnit.Seconds, value=oldest_due)
    metrics.add_metric(name="FailingShare", unit=MetricUnit.Percent, value=failing_share)
