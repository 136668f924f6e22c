"""Plan a run: open the archive and queue a message for each shard. No polling state is read."""

from __future__ import annotations

import hashlib
import json
from dataclasses import replace

from feedarchive.archive.daily_check import is_check_due, record_check
from feedarchive.archive.manifest import UnknownTimeZone
from feedarchive.archive.open_archive import OpenArchive, open_for_scheduled_run
from feedarchive.archive.retention import effective_retention, limited_to_days, remember_retention
from feedarchive.clock import now
from feedarchive.feeds.feeds_file import InvalidFeedsFile
from feedarchive.feeds.starter import starter_feeds
from feedarchive.polling.queue_message import to_message
from feedarchive.polling.shards import shards_of
from logging_and_metrics import log_plan, logger, set_log_context
from send import send
from settings import setting, sns, sqs, store


def plan(run: str) -> dict[str, int]:
    """Plan one run. Return the number of feeds and the number of shards.

    If feeds.toml is invalid, plan with the last valid copy, and then raise InvalidFeedsFile, which causes an alarm.
    If the time zone of the stack does not exist, raise UnknownTimeZone and create no archive.
    """
    set_log_context(run, "")
    is_due = is_check_due(store(), now())
    try:
        archive = open_for_scheduled_run(store(), starter_feeds(), setting("TIME_ZONE"), check_claims=is_due)
    except UnknownTimeZone as error:
        problem = f"the stack's parameter TimeZone: {error}; deploy again with another value"
        _mail_once(problem, "the parameter TimeZone is wrong")
        raise UnknownTimeZone(problem) from None
    if is_due:
        record_check(store(), now())
    if archive.created:
        logger.info("created a new archive", extra={"archive": store().location, "time_zone": archive.time_zone.key})
    archive = _with_retention(archive)
    shards = shards_of(archive.feeds.feeds)
    send([to_message(run, shard, feeds, archive) for shard, feeds in shards.items()])
    log_plan(feeds=len(archive.feeds.feeds), shards=len(shards))
    if any(feed.fetches_more for feed in archive.feeds.feeds):
        _ask_for_whole_articles(run)
    _check_dead_letters()
    if archive.feeds_file_error:
        _mail_once(archive.feeds_file_error, "feeds.toml is invalid")
        raise InvalidFeedsFile(f"{archive.feeds_file_error}; the last good feeds file stays in use")
    return {"feeds": len(archive.feeds.feeds), "shards": len(shards)}


def _with_retention(archive: OpenArchive) -> OpenArchive:
    """Return the archive with the shorter of the retentions in feeds.toml and in the stack's parameters.

    If the user makes the retention longer, articles that were already removed stay too old, so that no run archives
    them again.
    """
    configured, at = limited_to_days(archive.feeds.retention, int(setting("RETENTION_DAYS"))), now()
    remember_retention(store(), configured, at)
    retention = effective_retention(store(), configured, at)
    return replace(archive, feeds=replace(archive.feeds, retention=retention))


def _ask_for_whole_articles(run: str) -> None:
    """Send a message to the queue of the function CompleteArticles.

    If the stack does not have this function, log and mail how to add it.
    """
    if queue := setting("COMPLETIONS_URL"):
        sqs().send_message(QueueUrl=queue, MessageBody=json.dumps({"run": run}))
        return
    problem = (
        "feeds.toml has a feed with full_text, images or enclosures, but this stack fetches only feeds: deploy the "
        "stack again with the parameter WholeArticles=true"
    )
    logger.warning(problem)
    _mail_once(problem, "whole articles need a parameter")


def _check_dead_letters() -> None:
    """Log how many shards failed three times.

    SQS reports metrics only of queues that are used. This request counts as use, so the alarm gets its metric.
    """
    found = sqs().get_queue_attributes(QueueUrl=setting("DEAD_LETTERS_URL"), AttributeNames=["All"])["Attributes"]
    if dead := int(found.get("ApproximateNumberOfMessages", 0)):
        logger.error("shards failed three times: see DeadLetters in docs/aws.md", extra={"dead_letters": dead})


def _mail_once(problem: str, subject: str) -> None:
    marker = f"state/told-{hashlib.sha256(problem.encode()).hexdigest()[:16]}.json"
    if store().create(marker, b"{}\n"):
        sns().publish(TopicArn=setting("ALARM_TOPIC"), Subject=f"Feedarchive: {subject}", Message=problem)
