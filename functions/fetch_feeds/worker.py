"""Poll the feeds of one shard from the queue, and finish before Lambda's timeout."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta

from aws_lambda_powertools.utilities.typing import LambdaContext

from feedarchive.archive.find_subscription import SubscriptionFinder
from feedarchive.archive.open_archive import OpenArchive, feeds_for_worker
from feedarchive.archive.retention import limited_to_days
from feedarchive.clock import now
from feedarchive.polling.document_source import KeepDocument
from feedarchive.polling.feed_state import NEVER
from feedarchive.polling.follow_up import FollowUp
from feedarchive.polling.queue_message import from_message
from feedarchive.polling.schedule import next_poll
from feedarchive.report import FeedOutcome, RunReport
from feedarchive.run import Run
from feedarchive.shard_progress import ShardPlan
from feedarchive.store.interface import StoreError
from logging_and_metrics import add_run_metrics, log_feed, log_run, logger, set_log_context
from settings import period, setting, store

# Time for saving state after the last feed, and for the log.
_RESERVE = timedelta(seconds=10)


def work(body: str, attributes: Mapping[str, str], context: LambdaContext) -> None:
    """Poll one shard. Raises StoreError if storage fails. Then SQS delivers the message again."""
    message = from_message(body)
    if not message.is_complete:
        message = message.complete(feeds_for_worker(store()))
    set_log_context(message.run, message.shard.bits or "all")
    started = now()
    first = int(attributes["ApproximateReceiveCount"]) == 1
    sent = datetime.fromtimestamp(int(attributes["SentTimestamp"]) / 1000, UTC)
    if first and started - sent > period(setting("SCHEDULE")):
        logger.warning("message dropped: it is older than the schedule's period, so a newer message has the same feeds")
        return
    deadline = started + timedelta(milliseconds=context.get_remaining_time_in_millis()) - _RESERVE
    archive = _limited(message.archive)
    run = Run(
        store(), archive, now, on_feed_done=log_feed, deadline=deadline, one_at_a_time=not first,
        keep_document=_document_keeper(archive), find_subscription=SubscriptionFinder(store()),
        follow_up=_note_jobs(archive),
    )  # fmt: skip
    try:
        plan = run.plan_shard(message.shard, message.archive.feeds.feeds)
        report = run.execute([plan])
    except StoreError as error:
        logger.error(str(error))
        raise
    seconds = (now() - started).total_seconds()
    if report.requested():
        log_run(report, seconds)
    add_run_metrics(report, seconds, _oldest_due(plan, started), _failing_share(plan, report))
    if report.left:
        logger.warning("out of time: the remaining feeds stay due", extra={"left": report.left})


def _document_keeper(archive: OpenArchive) -> KeepDocument | None:
    """The function that stores feed documents; None if no feed of the shard has ``keep_documents``."""
    if not any(feed.keep_documents for feed in archive.feeds.feeds):
        return None
    # Imported only when needed, because the import would delay every cold start.
    from feedarchive.documents.keep import document_keeper

    return document_keeper(store())


def _note_jobs(archive: OpenArchive) -> FollowUp | None:
    """The object that stores jobs for the function CompleteArticles.

    None if the stack does not have this function, or if no feed of the shard needs it.
    """
    if not setting("COMPLETIONS_URL") or not any(feed.fetches_more for feed in archive.feeds.feeds):
        return None
    # Imported only when needed, because the import would delay every cold start.
    from feedarchive.completion.stored_jobs import NoteJobs

    return NoteJobs(now)


def _limited(archive: OpenArchive) -> OpenArchive:
    """Apply the stack's retention, and the stack's limit on document size.

    Without the retention, an expired article would be archived again if its feed still lists it.
    """
    max_bytes = int(setting("LARGEST_BODY_MIB")) * 2**20
    retention = limited_to_days(archive.feeds.retention, int(setting("RETENTION_DAYS")))
    return replace(archive, feeds=replace(archive.feeds, retention=retention, max_body_bytes=max_bytes))


def _oldest_due(plan: ShardPlan, at: datetime) -> float:
    """The longest time that a feed has been due, in seconds. Feeds that were never polled are ignored."""
    times = (next_poll(feed, plan.state.of(feed)).at for feed in plan.due)
    return max((max(at - due, timedelta()).total_seconds() for due in times if due and due != NEVER), default=0.0)


def _failing_share(plan: ShardPlan, report: RunReport) -> float:
    """The percentage of the shard's feeds that fail. For a feed that this run did not poll, its last poll counts."""
    failed = {
        each.feed: each.outcome == FeedOutcome.FAILED for each in report.reports if each.outcome != FeedOutcome.DEFERRED
    }
    failing = [failed.get(f.id, plan.state.of(f).failing_since is not None) for f in plan.feeds]
    return 100 * sum(failing) / len(failing)
