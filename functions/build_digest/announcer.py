"""Announces a day on SNS: words for a mail, JSON for queues, webhooks and functions."""

from __future__ import annotations

import json

import boto3
from botocore.exceptions import BotoCoreError, ClientError

from feedarchive.digest.daily_mail import Announcement
from feedarchive.store.interface import StoreError

# SNS takes 256 KiB for all parts together, each of them escaped once more. The JSON part is small.
_LONGEST_TEXT = 100_000  # bytes
_CUT = "\n… and more: status.json in the archive has all of it.\n"


class TopicAnnouncer:
    """Publishes on one topic."""

    def __init__(self, topic: str, bucket: str) -> None:
        self._topic, self._bucket = topic, bucket
        self._client = boto3.client("sns")

    def announce(self, announcement: Announcement) -> None:
        """Raises StoreError: the day stays unannounced, and the next build tries again."""
        data = json.dumps({**json.loads(announcement.data), "bucket": self._bucket})
        parts = {"default": data, "email": shortened(announcement.text)}
        try:
            self._client.publish(
                TopicArn=self._topic,
                Subject=announcement.subject,
                Message=json.dumps(parts),
                MessageStructure="json",
            )
        except (ClientError, BotoCoreError) as error:
            raise StoreError(f"cannot announce on {self._topic}: {' '.join(str(error).split())}") from error


def shortened(text: str) -> str:
    """A mail's text, cut at a line where it would be too long for SNS."""
    data = json.dumps(text).encode()
    if len(data) <= _LONGEST_TEXT:
        return text
    lines, size = [], 0
    for line in text.splitlines():
        size += len(json.dumps(line))
        if size > _LONGEST_TEXT:
            break
        lines.append(line)
    return "\n".join(lines) + _CUT
