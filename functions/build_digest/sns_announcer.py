"""Announce a day on SNS: text for e-mail, JSON for queues, webhooks and functions."""

from __future__ import annotations

import json

from botocore.exceptions import BotoCoreError, ClientError

from feedarchive.mail.announcement import Announcement
from feedarchive.store.aws_client import aws_client
from feedarchive.store.interface import StoreError

# The maximum length of the text as a JSON string. SNS allows 256 KiB for the text and the JSON data together.
_MAX_TEXT_BYTES = 100_000
_TRUNCATED = "\n… and more: the complete list is in status.json of the archive.\n"


class SnsAnnouncer:
    """Publishes announcements on one topic."""

    def __init__(self, topic: str, bucket: str) -> None:
        self._topic, self._bucket = topic, bucket
        self._client = aws_client("sns")

    def announce(self, announcement: Announcement) -> None:
        """Publish one announcement.

        Raises StoreError if SNS fails. Then the day stays unannounced, and the next build tries again.
        """
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
            raise StoreError(f"cannot publish on {self._topic}: {' '.join(str(error).split())}") from error


def shortened(text: str) -> str:
    """If a text is too long for SNS, cut it off at the end of a line, and add a note."""
    data = json.dumps(text).encode()
    if len(data) <= _MAX_TEXT_BYTES:
        return text
    lines, size = [], 0
    for line in text.splitlines():
        size += len(json.dumps(line))
        if size > _MAX_TEXT_BYTES:
            break
        lines.append(line)
    return "\n".join(lines) + _TRUNCATED
