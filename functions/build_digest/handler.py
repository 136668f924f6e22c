"""Lambda function: build the digests that are due, and announce each finished day once."""

from __future__ import annotations

import os
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from feedarchive.archive.manifest import is_archive
from feedarchive.archive.open_archive import open_for_reading
from feedarchive.builds.builder import BuildResult, DigestBuilder
from feedarchive.clock import now
from feedarchive.store.interface import Store, StoreError
from feedarchive.store.location import open_store
from sns_announcer import SnsAnnouncer

logger = Logger()
metrics = Metrics()


@cache
def store() -> Store:
    return open_store(f"s3://{os.environ['BUCKET']}")


@cache
def announcer() -> SnsAnnouncer:
    return SnsAnnouncer(os.environ["DIGEST_TOPIC"], os.environ["BUCKET"])


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Build and announce; return the days. Before the first run there is no archive, so nothing is built.

    Raises StoreError, InvalidArchive.
    """
    logger.append_keys(run=context.aws_request_id, shard="", feed="")
    try:
        if is_archive(store()):
            archive = open_for_reading(store())
            feeds = archive.feeds
            builder = DigestBuilder(store(), archive.time_zone, feeds.feeds, now(), archive.problem, feeds.images)
            result = builder.build_due(announcer())
        else:
            result = BuildResult()
    except StoreError as error:
        logger.error(str(error))
        raise
    changed = [built.day.isoformat() for built in result.built if built.changed]
    announced = [day.isoformat() for day in result.announced]
    logger.info("built", extra={"changed": changed, "announced": announced})
    # Every day that was due is announced now. An hour without this metric is an hour in which days may be waiting.
    metrics.add_metric(name="DigestsFinal", unit=MetricUnit.Count, value=1)
    return {"changed": changed, "announced": announced}
