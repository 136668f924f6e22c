"""The SNS topic of alarms: report that every feed fails, which CloudWatch cannot see, and check the subscription."""

from __future__ import annotations

from datetime import datetime, timedelta

from botocore.exceptions import BotoCoreError, ClientError

from feedarchive.rfc3339 import format_rfc3339
from feedarchive.store.aws_client import aws_client
from feedarchive.store.interface import Store, StoreError

# Shorter outages, for example of the network, are not reported.
_FAILING_FOR = timedelta(hours=2)
_ADVICE = (
    "A single failing feed does not cause this mail. Look at status.json for the reasons, and check that the functions "
    "can reach the internet. There is no second mail until a feed has worked again."
)


class AlarmTopic:
    """The topic to which CloudWatch sends the alarms."""

    def __init__(self, topic: str) -> None:
        self._topic = topic
        self._client = aws_client("sns")

    def subscription_notice(self) -> str:
        """Returns a line for people if no subscription is confirmed, or if this cannot be checked; otherwise "".

        A subscription can end without notice: a mail scanner that follows the links in a mail also unsubscribes.
        """
        try:
            attributes = self._client.get_topic_attributes(TopicArn=self._topic)["Attributes"]
        except (ClientError, BotoCoreError) as error:
            return f"alarms: cannot check who receives them ({' '.join(str(error).split())})"
        if int(attributes.get("SubscriptionsConfirmed", 0)):
            return ""
        return "alarms: nobody receives them, because the subscription is not confirmed or was removed; see docs/aws.md"

    def mail_that_every_feed_fails(self, store: Store, since: datetime | None, now: datetime) -> bool:
        """Publish that every feed fails, once for each outage of at least two hours. Return whether it was published.

        ``since`` is the beginning of the outage; None if there is none. Raises StoreError if publishing fails. Then the
        next build tries again.
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
