"""The function's logs and metrics. Every line says its run, shard and feed ("" where it is about none)."""

from __future__ import annotations

import warnings

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.logging import utils
from aws_lambda_powertools.metrics import MetricUnit

from feedarchive.report import FeedReport, RunReport

# Service and namespace come from the environment (template.yaml).
logger = Logger()
metrics = Metrics()
# A run that fails has none, and says so itself.
warnings.filterwarnings("ignore", "No application metrics")
# What the program logs by itself comes out in the same form, with the same keys.
utils.copy_config_to_registered_loggers(source_logger=logger, include={"feedarchive"}, ignore_log_level=True)


def about(run: str, shard: str) -> None:
    """From here on, every line is about this run and shard."""
    logger.append_keys(run=run, shard=shard, feed="")


def planned(feeds: int, shards: int) -> None:
    """A plan was made for so many subscriptions."""
    logger.info("planned", extra={"feeds": feeds, "shards": shards})
    metrics.add_metric(name="Feeds", unit=MetricUnit.Count, value=feeds)


def feed_done(report: FeedReport) -> None:
    """A line for each feed, and for all that a person may want to know of it. Problems hold no credentials."""
    counts = {name: getattr(report, name) for name in ("new", "known", "revised", "rejected")}
    logger.info(report.outcome, extra={"feed": report.feed, **counts})
    for problem in report.problems:
        logger.warning(problem.detail, extra={"feed": report.feed, "problem": problem.kind})


def count(report: RunReport, seconds: float, oldest_due: float, failing_share: float) -> None:
    """The metrics of one shard's run. A run that had nothing to do counts zeros: silence is trouble.

    ``oldest_due`` is how many seconds the feed that waits longest has been due, ``failing_share`` is in per cent.
    """
    articles = report.articles()
    counts = {
        "Runs": 1,
        "Polled": report.asked(),
        "Unchanged": report.count("unchanged"),
        "Failed": report.count("failed"),
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
