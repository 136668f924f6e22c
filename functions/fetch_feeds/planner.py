"""The schedule's half: opens the archive, and puts a message for each shard on the queue. Reads no state."""

from __future__ import annotations

import hashlib

from feedarchive.archive.open_archive import open_for_scheduled_run
from feedarchive.feeds.feeds_file import InvalidFeedsFile
from feedarchive.feeds.starter import starter_feeds
from feedarchive.polling.queue_message import to_message
from feedarchive.polling.shards import shards_of
from observed import about, logger, planned
from settings import setting, sns, sqs, store


def plan(run: str) -> dict[str, int]:
    """Plan one run; how many feeds and shards it has.

    Raises WrongFeedsFile when the last good feeds file had to do: the run goes on, and fails loudly.
    """
    about(run, "")
    archive = open_for_scheduled_run(store(), starter_feeds(), setting("TIME_ZONE"))
    if archive.created:
        logger.info("made a new archive", extra={"archive": store().location, "time_zone": archive.time_zone.key})
    shards = shards_of(archive.feeds.feeds)
    for shard, feeds in shards.items():
        sqs().send_message(QueueUrl=setting("QUEUE_URL"), MessageBody=to_message(run, shard, feeds, archive))
    planned(feeds=len(archive.feeds.feeds), shards=len(shards))
    _look_at_dead_letters()
    if archive.problem:
        _tell_once(archive.problem)
        raise InvalidFeedsFile(f"{archive.problem}; the last good feeds file stays in use")
    return {"feeds": len(archive.feeds.feeds), "shards": len(shards)}


def _look_at_dead_letters() -> None:
    """CloudWatch has no numbers of a queue that nobody touches for six hours; this touches it."""
    found = sqs().get_queue_attributes(QueueUrl=setting("DEAD_LETTERS_URL"), AttributeNames=["All"])["Attributes"]
    if dead := int(found.get("ApproximateNumberOfMessages", 0)):
        logger.error("shards failed three times: see the alarm in docs/aws.md", extra={"dead_letters": dead})


def _tell_once(problem: str) -> None:
    """A mail that names file and line, once for each thing that is wrong; the alarm stands until it is right."""
    mark = f"state/told-{hashlib.sha256(problem.encode()).hexdigest()[:16]}.json"
    if store().create(mark, b"{}\n"):
        sns().publish(TopicArn=setting("ALARM_TOPIC"), Subject="Feedarchive: feeds.toml is wrong", Message=problem)
