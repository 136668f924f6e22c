"""The queue's half: polls the feeds of one shard, and ends before Lambda ends it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aws_lambda_powertools.utilities.data_classes.sqs_event import SQSRecord
from aws_lambda_powertools.utilities.typing import LambdaContext

from feedarchive.archive.open_archive import OpenArchive
from feedarchive.polling.feed_state import NEVER
from feedarchive.polling.queue_message import from_message
from feedarchive.polling.schedule import next_poll
from feedarchive.report import RunReport
from feedarchive.run import Run, ShardRun
from feedarchive.store.interface import StoreError
from observed import about, count, feed_done, logger
from settings import now, period, setting, store

# Kept for saving state after the last feed, and for the logs.
_RESERVE = timedelta(seconds=10)


def work(record: SQSRecord, context: LambdaContext) -> None:
    """Poll one shard. Raises StoreError when storage fails: the message comes again, and nothing is lost."""
    told = from_message(record.body)
    about(told.run, told.shard.bits or "all")
    started = now()
    first = int(record.attributes.approximate_receive_count) == 1
    sent = datetime.fromtimestamp(int(record.attributes.sent_timestamp) / 1000, UTC)
    if first and started - sent > period(setting("SCHEDULE")):
        logger.warning("dropped: it waited longer than a period, and the shard is planned anew")
        return
    deadline = started + timedelta(milliseconds=context.get_remaining_time_in_millis()) - _RESERVE
    run = Run(store(), _limited(told.archive), now, each=feed_done, deadline=deadline, careful=not first)
    try:
        shard_run = run.shard_run(told.shard, told.archive.feeds.feeds)
        report = run.go([shard_run])
    except StoreError as error:
        logger.error(str(error))
        raise
    seconds = (now() - started).total_seconds()
    count(report, seconds, _oldest_due(shard_run, started), _failing_share(shard_run, report))
    if report.left:
        logger.warning("ran out of time: the rest stays due", extra={"left": report.left})


def _limited(archive: OpenArchive) -> OpenArchive:
    """With the stack's limits: the retention of the bucket's lifecycle rule (what it removed stays out), and the
    largest document.
    """
    days = int(setting("RETENTION_DAYS"))
    kept = [r for r in (archive.feeds.retention, timedelta(days=days) if days else None) if r is not None]
    largest = int(setting("LARGEST_BODY_MIB")) * 2**20
    return replace(archive, feeds=replace(archive.feeds, retention=min(kept, default=None), max_body_bytes=largest))


def _oldest_due(shard_run: ShardRun, at: datetime) -> float:
    """How many seconds the feed that waits longest has been due; a new feed has not waited yet."""
    times = (next_poll(feed, shard_run.state.of(feed)).at for feed in shard_run.due)
    return max((max(at - due, timedelta()).total_seconds() for due in times if due and due != NEVER), default=0.0)


def _failing_share(shard_run: ShardRun, report: RunReport) -> float:
    """How much of the shard fails now, in per cent: what was polled by this report, the rest as it was before."""
    asked = {each.feed: each.outcome == "failed" for each in report.reports if each.outcome != "deferred"}
    failing = [asked.get(f.id, shard_run.state.of(f).failing_since is not None) for f in shard_run.feeds]
    return 100 * sum(failing) / len(failing)
