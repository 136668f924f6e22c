"""Lambda: a schedule's event plans the shards and puts them on a queue; a queue's event polls one of them."""

from __future__ import annotations

from typing import Any

from aws_lambda_powertools.utilities.batch import BatchProcessor, EventType, process_partial_response
from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from observed import logger, metrics
from planner import plan
from worker import work

# With one message a batch: a failed one ends in an error, which alarms count, and comes again by itself.
_processor = BatchProcessor(event_type=EventType.SQS)


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> Any:
    """Raises what failed: then Lambda counts an error, and a message is delivered again."""
    if "Records" not in event:
        return plan(context.aws_request_id)

    def shard(record: SQSRecord) -> None:
        work(record, context)

    return process_partial_response(event, shard, _processor, context)
