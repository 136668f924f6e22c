"""Lambda function: fetch the pages and pictures that are due. It is invoked by the queue, or directly."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from check import check
from complete import complete
from logging_and_metrics import logger, metrics


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Do the jobs that are due, and return the report. Raises StoreError, InvalidArchive.

    The jobs are stored in the archive. A message of the queue contains no jobs: it only starts the function.
    """
    logger.append_keys(run=context.aws_request_id, shard="", feed="")
    return check() if event.get("check") else complete(context)
