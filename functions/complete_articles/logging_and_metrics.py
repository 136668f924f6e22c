"""The function's log lines and metrics. Every line has ``run``, ``shard`` and ``feed``, which may be ""."""

from __future__ import annotations

import warnings

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.logging import utils
from aws_lambda_powertools.metrics import MetricUnit

from feedarchive.completion.job import DoneKind, JobKind, NotDone
from feedarchive.completion.report import CompletionReport, FinishedJob

# The service name and the metrics namespace are environment variables (template.yaml).
logger = Logger()
metrics = Metrics()
warnings.filterwarnings("ignore", "No application metrics")
utils.copy_config_to_registered_loggers(source_logger=logger, include={"feedarchive"}, ignore_log_level=True)


def log_job(finished: FinishedJob) -> None:
    """Log a job that failed, or that made a request. Log lines contain no secrets."""
    job, result = finished.job, finished.result
    about = {"feed": job.feed, "article": job.version, "job": job.kind.value}
    if isinstance(result, NotDone):
        logger.warning(result.detail, extra={**about, "problem": str(result.reason), "given_up": finished.given_up})
    elif result.requested:
        logger.info(result.kind.value, extra=about)


def log_run(report: CompletionReport, seconds: float) -> None:
    """Log each problem of a run. If the run had jobs, also log how many were done, failed and left."""
    for problem in report.problems:
        logger.error(problem)
    if report.finished or report.left:
        counts = {kind.value: report.count(DoneKind.STORED, kind) for kind in JobKind}
        failed = sum(report.failures().values())
        logger.info("completed", extra={**counts, "failed": failed, "left": report.left, "seconds": round(seconds, 1)})


def add_run_metrics(report: CompletionReport, seconds: float) -> None:
    """Add the metrics of a run."""
    counts = {
        "Pages": report.count(DoneKind.STORED, JobKind.PAGE),
        "Media": report.count(DoneKind.STORED, JobKind.MEDIA),
        "JobsFailed": sum(report.failures().values()),
        "JobsLeft": report.left,
    }
    for name, value in counts.items():
        metrics.add_metric(name=name, unit=MetricUnit.Count, value=value)
    metrics.add_metric(name="CompletionDuration", unit=MetricUnit.Seconds, value=seconds)
