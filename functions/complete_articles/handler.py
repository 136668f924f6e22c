"""Lambda function: a message of the queue, or a direct invocation, fetches the pages and pictures that are due."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from check import check
from complete import complete
from logging_and_metrics import logger, metrics


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Return the report. Raises StoreError, InvalidArchive. A message only says that there may be jobs: they are stored
    in the archive.
    """
    logger.append_keys(run=context.aws_request_id, shard="", feed="")
    return check() if event.get("check") else complete(context)
