"""Send messages to the queue of shards, up to ten in a request."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from feedarchive.concurrency import in_parallel
from feedarchive.polling.queue_message import MAX_MESSAGE_BYTES
from settings import setting, sqs

if TYPE_CHECKING:
    from mypy_boto3_sqs.type_defs import SendMessageBatchRequestEntryTypeDef

_MAX_MESSAGES = 10  # the maximum that SQS accepts in a request
_SENDERS = 8


class NotSent(Exception):
    """SQS did not accept some messages. The next plan sends them again."""


def send(messages: Sequence[str]) -> None:
    """Send all messages, in any order. Raises NotSent if SQS did not accept some of them; all others are sent."""
    failed = [reason for some in in_parallel(_send, _batches(messages), _SENDERS) for reason in some]
    if failed:
        raise NotSent(f"SQS did not accept {len(failed)} of {len(messages)} messages: {failed[0]}")


def _batches(messages: Sequence[str]) -> Iterator[list[str]]:
    batch: list[str] = []
    size = 0
    for message in messages:
        if batch and (len(batch) == _MAX_MESSAGES or size + len(message) > MAX_MESSAGE_BYTES):
            yield batch
            batch, size = [], 0
        batch.append(message)
        size += len(message)
    if batch:
        yield batch


def _send(messages: Sequence[str]) -> list[str]:
    """Send one batch, and send rejected messages once more. Return the reasons why messages were rejected twice."""
    left: list[SendMessageBatchRequestEntryTypeDef] = [
        {"Id": str(number), "MessageBody": message} for number, message in enumerate(messages)
    ]
    reasons: dict[str, str] = {}
    for _ in range(2):
        response = sqs().send_message_batch(QueueUrl=setting("QUEUE_URL"), Entries=left)
        reasons = {each["Id"]: each.get("Message", each["Code"]) for each in response.get("Failed", ())}
        left = [each for each in left if each["Id"] in reasons]
        if not left:
            break
    return list(reasons.values())
