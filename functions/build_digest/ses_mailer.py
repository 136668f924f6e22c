"""Send the mail about a day with Amazon SES."""

from __future__ import annotations

from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from feedarchive.mail.announcement import Announcement
from feedarchive.mail.message import Envelope, message_for
from feedarchive.store.aws_client import aws_client
from feedarchive.store.interface import StoreError


class SesMailer:
    """Sends every announcement as a mail with a text part and an HTML part."""

    def __init__(self, envelope: Envelope) -> None:
        self._envelope = envelope
        self._client: Any = aws_client("sesv2")

    def announce(self, announcement: Announcement) -> None:
        """Send one message.

        Raises StoreError if SES fails. Then the day stays unannounced, and the next build tries again.
        """
        sender, recipient = self._envelope.sender, self._envelope.recipient
        try:
            self._client.send_email(
                FromEmailAddress=sender,
                Destination={"ToAddresses": [recipient]},
                Content={"Raw": {"Data": message_for(announcement.mail, self._envelope)}},
            )
        except (ClientError, BotoCoreError) as error:
            raise StoreError(
                f"cannot send the mail {announcement.mail.name} from {sender} to {recipient}: "
                f"{' '.join(str(error).split())}; check both addresses in Amazon SES, the next build tries again"
            ) from error
