"""Lambda function: a scheduled event queues the shards, an event of the queue polls one of them."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from core_share import core_share
from logging_and_metrics import logger, metrics
from planner import plan
from worker import work

# A batch has one message. If it fails, the processor raises: Lambda counts an error and SQS delivers the message again.
_processor = BatchProcessor(event_type=EventType.SQS)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Raises every failure, so that Lambda counts an error and a message is delivered again."""
    if event.get("measure") == "core":
        return core_share()
    if "Records" not in event:
        return plan(context.aws_request_id)

    def poll_shard(record: SQSRecord) -> None:
        work(record, context)

    return process_partial_response(event, poll_shard, _processor, context)
