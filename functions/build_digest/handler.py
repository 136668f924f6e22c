"""Lambda: builds the digests that are due, and announces each day that is over, once."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from announcer import TopicAnnouncer
from feedarchive.archive.open_archive import is_archive, open_for_reading
from feedarchive.digest.builder import BuildResult, DigestBuilder
from feedarchive.store.interface import Store, StoreError
from feedarchive.store.location import open_store

logger = Logger()
metrics = Metrics()


@cache
def store() -> Store:
    return open_store(f"s3://{os.environ['BUCKET']}")


@cache
def announcer() -> TopicAnnouncer:
    return TopicAnnouncer(os.environ["DIGEST_TOPIC"], os.environ["BUCKET"])


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """What was built and announced. Raises StoreError, WrongArchive. Before the first run there is nothing to build."""
    logger.append_keys(run=context.aws_request_id, shard="", feed="")
    now = datetime.now(UTC).replace(microsecond=0)
    try:
        if is_archive(store()):
            archive = open_for_reading(store())
            builder = DigestBuilder(store(), archive.time_zone, archive.feeds.feeds, now, archive.problem)
            digests = builder.build_due(announcer())
        else:
            digests = BuildResult()
    except StoreError as error:
        logger.error(str(error))
        raise
    changed = [built.digest.day.isoformat() for built in digests.built if built.changed]
    announced = [day.isoformat() for day in digests.announced]
    logger.info("built", extra={"changed": changed, "announced": announced})
    # All days that were due are announced now: an hour without this number is an hour in which they may wait.
    metrics.add_metric(name="DigestsFinal", unit=MetricUnit.Count, value=1)
    return {"changed": changed, "announced": announced}
