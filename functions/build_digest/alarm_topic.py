"""The SNS topic of alarms: publish that every feed fails, and check that somebody receives the alarms.

CloudWatch publishes the other alarms, but it cannot see whether feeds fail.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from feedarchive.rfc3339 import format_rfc3339
from feedarchive.store.aws_client import aws_client
from feedarchive.store.interface import Store, StoreError

# Shorter outages, for example of the network, are not reported.
_FAILING_FOR = timedelta(hours=2)
_ADVICE = (
    "Look at status.json for the reasons, and check whether the functions can reach the internet. This mail is sent "
    "only if all feeds fail, once for each outage."
)


class AlarmTopic:
    """The topic to which CloudWatch sends the alarms."""

    def __init__(self, topic: str) -> None:
        self._topic = topic
        self._client = aws_client("sns")

    def subscription_notice(self) -> str:
        """Return a notice if nobody receives the alarms, or if this cannot be checked; otherwise "".

        People can be unsubscribed by accident: every alarm mail has a link that unsubscribes, and some mail scanners
        open all links.
        """
        try:
            attributes = self._client.get_topic_attributes(TopicArn=self._topic)["Attributes"]
        except (ClientError, BotoCoreError) as error:
            return f"alarms: cannot check who receives them ({' '.join(str(error).split())})"
        if int(attributes.get("SubscriptionsConfirmed", 0)):
            return ""
        return "alarms: nobody receives them, because the subscription is not confirmed or was removed; see docs/aws.md"

    def mail_that_every_feed_fails(self, store: Store, since: datetime | None, now: datetime) -> bool:
        """Publish that every feed fails, once for each outage of at least two hours. Return True if a mail was sent.

        ``since`` is the beginning of the outage; None if there is none. Raises StoreError if publishing fails; the next
        build tries again.
        """
        if since is None or now - since < _FAILING_FOR:
            return False
        marker = f"status/every-feed-fails-{since:%Y%m%dT%H%M%S}.json"
        if store.read(marker):
            return False
        text = f"Every feed of {store.location} has been failing since {format_rfc3339(since)}.\n\n{_ADVICE}\n"
        try:
            self._client.publish(TopicArn=self._topic, Subject="Feedarchive: every feed fails", Message=text)
        except (ClientError, BotoCoreError) as error:
            raise StoreError(f"cannot publish on {self._topic}: {' '.join(str(error).split())}") from error
        store.create(marker, b"{}\n")
        return True
