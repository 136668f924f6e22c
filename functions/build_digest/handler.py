"""Lambda function: build the digests that are due, and announce each finished day once."""

from __future__ import annotations

import os
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from aws_lambda_powertools import Logger, Metrics
from aws_lambda_powertools.metrics import MetricUnit
from aws_lambda_powertools.utilities.typing import LambdaContext

from alarm_topic import AlarmTopic
from feedarchive.archive.manifest import is_archive
from feedarchive.archive.open_archive import open_for_reading
from feedarchive.archive.retention import effective_retention, limited_to_days
from feedarchive.builds.builder import DigestBuilder
from feedarchive.builds.results import BuildResult
from feedarchive.clock import now
from feedarchive.mail.announcement import Announcement, Announcer
from feedarchive.mail.message import Envelope
from feedarchive.store.interface import Store, StoreError
from feedarchive.store.location import open_store
from ses_mailer import SesMailer
from sns_announcer import SnsAnnouncer

# Treat every day as large, so that its files are listed less often (builds/due_days.py). Listing files is the most
# expensive request of S3.
_MAX_FILES = 0

logger = Logger()
metrics = Metrics()


@cache
def store() -> Store:
    return open_store(f"s3://{os.environ['BUCKET']}")


class Announcers:
    """Announces a day by mail (if the parameters MailFrom and MailTo are set), and then on the SNS topic.

    If one of them fails, the next build repeats both. The mail comes first, because a repeated mail does no harm: mail
    programs show it in the same thread.
    """

    def __init__(self) -> None:
        bucket, sender, recipient = os.environ["BUCKET"], _optional("MAIL_FROM"), _optional("MAIL_TO")
        mailers = [SesMailer(Envelope(sender, recipient, bucket))] if sender and recipient else []
        self._announcers: list[Announcer] = [*mailers, SnsAnnouncer(os.environ["DIGEST_TOPIC"], bucket)]

    def announce(self, announcement: Announcement) -> None:
        for each in self._announcers:
            each.announce(announcement)


def _stamp(url: str) -> None:
    # Imported only when needed: the requests library would delay every cold start.
    from feedarchive.stamps.stamp_newest import stamp_newest

    if failure := stamp_newest(store(), url, now()):
        logger.warning(failure)


def _optional(name: str) -> str:
    return os.environ.get(name, "")


@cache
def announcers() -> Announcers:
    return Announcers()


def _retention(own: timedelta | None, at: datetime) -> timedelta | None:
    """Return the effective retention. ``own`` is the retention in feeds.toml; the stack may have a shorter one."""
    return effective_retention(store(), limited_to_days(own, int(_optional("RETENTION_DAYS") or 0)), at)


@cache
def alarms() -> AlarmTopic:
    return AlarmTopic(os.environ["ALARM_TOPIC"])


@logger.inject_lambda_context(clear_state=True)
@metrics.log_metrics
def handler(event: dict[str, Any], context: LambdaContext) -> dict[str, Any]:
    """Build and announce the days that are due. Return the days whose digest changed, and the days announced.

    Before the first run there is no archive, so nothing is built. Raises StoreError, InvalidArchive.
    """
    logger.append_keys(run=context.aws_request_id, shard="", feed="")
    try:
        if is_archive(store()):
            archive = open_for_reading(store())
            feeds = archive.feeds
            at = now()
            notice = alarms().subscription_notice() if _optional("ALARMS_HAVE_MAIL") == "true" else ""
            builder = DigestBuilder(
                store(), archive.time_zone, feeds.feeds, at, archive.feeds_file_error, feeds.images,
                _optional("PAGES_URL"), retention=_retention(feeds.retention, at), notices=(notice,) if notice else (),
                max_files=_MAX_FILES,
            )  # fmt: skip
            result = builder.build_due(announcers())
            if feeds.timestamp:
                _stamp(feeds.timestamp)
            alarms().mail_that_every_feed_fails(store(), result.every_feed_fails_since, at)
        else:
            result = BuildResult()
    except StoreError as error:
        logger.error(str(error))
        raise
    for each in result.damage:
        logger.error(each.line)
    changed = [built.day.isoformat() for built in result.built if built.changed]
    announced = [day.isoformat() for day in result.announced]
    logger.info("built", extra={"changed": changed, "announced": announced})
    # All days that were due are announced now. If this metric is missing for an hour, days may be waiting.
    metrics.add_metric(name="DigestsFinal", unit=MetricUnit.Count, value=1)
    return {"changed": changed, "announced": announced}
