"""Lambda function. For a scheduled event, it queues a message for each shard. For a message, it polls the shard."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.typing import LambdaContext

from core_share import core_share
from logging_and_metrics import logger, metrics
from planner import plan
from worker import work


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Plan a run or poll a shard. Every failure is raised, so that Lambda counts an error and SQS tries again."""
    if event.get("measure") == "core":
        return core_share()
    if "Records" not in event:
        return plan(context.aws_request_id)

    # A batch has one message (template.yaml). If ``work`` raises an error, SQS delivers the message again.
    (record,) = event["Records"]
    work(record["body"], record["attributes"], context)
    return {"batchItemFailures": []}
