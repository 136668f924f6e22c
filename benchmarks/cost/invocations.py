"""Measure the Lambda functions: the CPU time, the S3 requests and the log of one invocation.

There are three kinds of invocations:

- A plan puts a message for each shard into the queue.
- A worker polls the feeds of one shard.
- A digest builds the digests and pages.
"""

from __future__ import annotations

import importlib
import os
import re
import sys
import tempfile
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3

from benchmarks.corpus.large_archive import add_articles
from benchmarks.corpus.memory_store import MemoryStore
from benchmarks.cost.cpu_time import cpu_of_setup, cpu_per_line, cpu_seconds
from benchmarks.peers.local_aws import LocalAws, Request, local_aws
from benchmarks.peers.subscriptions import AFTER, BEFORE, generated
from benchmarks.peers.systems.feedarchive import feeds_file
from benchmarks.peers.web_server import serving
from feedarchive.article.file_names import version_of
from feedarchive.digest.digest import day_folder

FEEDS = 50  # the number of feeds in a shard
_ENTRIES = 30
DAY_SIZE = FEEDS * _ENTRIES
_PROJECT = Path(__file__).parents[2]
_TEMPLATE = (_PROJECT / "template.yaml").read_text(encoding="utf-8")
MEMORY_GB = int(re.findall(r"MemorySize: (\d+)", _TEMPLATE)[0]) / 1024


@dataclass(frozen=True)
class Invocation:
    """What one invocation used.

    - ``cpu`` is the seconds of CPU on this machine.
    - ``writes`` is the number of requests to S3 that write or list.
    - ``reads`` is the number of requests to S3 that read.
    - ``log`` is the number of bytes in the log.
    """

    cpu: float
    writes: int
    reads: int
    log: int


@dataclass(frozen=True)
class Measured:
    """All measurements.

    - ``plan``: a plan
    - ``idle``: a worker for a shard without a feed that is due
    - ``unchanged``: a worker for a shard in which all feeds are due and none has a new article
    - ``new``: a worker for a shard in which every feed has a new article
    - ``quiet_digest``: a digest with nothing new
    - ``digest``: a digest with FEEDS new articles, on a day that has DAY_SIZE articles already
    - ``init``: the seconds of CPU to set up the function that polls
    - ``line``: the seconds of CPU that a build needs for each article that the day has already
    - ``article``: the stored bytes of an article and its claims
    - ``digest_line``: the stored bytes of an article's lines in digest.json and digest.md
    - ``page``: the stored bytes of an article's part of a page
    - ``state``: the stored bytes of a shard's state
    """

    plan: Invocation
    idle: Invocation
    unchanged: Invocation
    new: Invocation
    quiet_digest: Invocation
    digest: Invocation
    init: float
    line: float
    article: float
    digest_line: float
    page: float
    state: float


def measure() -> Measured:
    """Measure each invocation once, with a local web server and a local S3 API."""
    with tempfile.TemporaryDirectory(prefix="feedarchive-cost-") as scratch:
        folder = Path(scratch)
        served = generated(folder / "www", FEEDS, _ENTRIES)
        with local_aws(folder, "cost") as aws, serving(folder / "www", folder / "server") as server:
            queue = environment(aws)
            boto3.client("s3").put_object(
                Bucket="cost", Key="feeds.toml", Body=feeds_file(served.urls(server.port)).encode()
            )
            # The log must replace stdout before the functions are imported, because their logger keeps the stdout that
            # it finds.
            log, fetch = Log(), function("fetch_feeds")
            fetch.handler({}, CONTEXT)  # creates the archive
            plan = measured(aws, log, lambda: fetch.handler({}, CONTEXT))
            body = boto3.client("sqs").receive_message(QueueUrl=queue)["Messages"][0]["Body"]
            # The polls are at 12:00, 15:00 and 18:00 of today, because build_digest builds the digest of the real date.
            at = datetime.now(UTC).replace(hour=12, minute=0, second=0, microsecond=0)

            def worker(hours: int) -> Invocation:
                moment = at + timedelta(hours=hours)
                sys.modules["worker"].now = lambda: moment  # type: ignore[attr-defined]
                return measured(aws, log, lambda: fetch.handler(event(body, moment), CONTEXT))

            served.publish(BEFORE)
            worker(0)
            idle, unchanged = worker(0), worker(3)
            _add_past_days(at.date())
            digest = function("build_digest")
            digest.handler({}, CONTEXT)  # builds and announces the past days
            quiet = measured(aws, log, lambda: digest.handler({}, CONTEXT))
            served.publish(AFTER)
            new = worker(6)
            busy = measured(aws, log, lambda: digest.handler({}, CONTEXT))
            sizes = _sizes()
            log.close()
    number = DAY_SIZE + FEEDS
    return Measured(
        plan, idle, unchanged, new, quiet, busy,
        init=cpu_of_setup(),
        line=cpu_per_line(FEEDS),
        article=(sizes["articles"] + sizes["claims"]) / number,
        digest_line=sizes["digests"] / number,
        page=sizes["pages"] / number,
        state=sizes["state"],
    )  # fmt: skip


CONTEXT: Any = SimpleNamespace(
    function_name="a-function", memory_limit_in_mb=1024, invoked_function_arn="arn", aws_request_id="a-run",
    get_remaining_time_in_millis=lambda: 600_000,
)  # fmt: skip


class Log:
    """Replaces stdout, and counts the bytes that a function prints."""

    def __init__(self) -> None:
        self.size, self._out = 0, sys.stdout
        sys.stdout = self

    def write(self, text: str) -> int:
        self.size += len(text.encode())
        return len(text)

    def flush(self) -> None:
        pass

    def close(self) -> None:
        sys.stdout = self._out


def environment(aws: LocalAws) -> str:
    """Set the environment variables of the functions. Return the URL of the queue to which plans send shards."""
    sqs, sns = boto3.client("sqs"), boto3.client("sns")
    queue = sqs.create_queue(QueueName="shards")["QueueUrl"]
    jobs = sqs.create_queue(QueueName="completions")["QueueUrl"]
    topic = sns.create_topic(Name="topic")["TopicArn"]
    os.environ |= {
        "BUCKET": "cost", "QUEUE_URL": queue, "DEAD_LETTERS_URL": queue, "ALARM_TOPIC": topic, "DIGEST_TOPIC": topic,
        "COMPLETIONS_URL": jobs,
        "SCHEDULE": "rate(15 minutes)", "TIME_ZONE": "UTC", "RETENTION_DAYS": "0", "LARGEST_BODY_MIB": "10",
        "POWERTOOLS_SERVICE_NAME": "cost", "POWERTOOLS_METRICS_NAMESPACE": "Feedarchive",
        "POWERTOOLS_METRICS_DISABLED": "true", "ALARMS_HAVE_MAIL": "true",
    }  # fmt: skip
    return queue


def function(name: str) -> Any:
    """Import the handler of a function."""
    sys.modules.pop("handler", None)
    sys.path.insert(0, str(_PROJECT / "functions" / name))
    return importlib.import_module("handler")


def event(body: str, at: datetime) -> dict[str, Any]:
    """The event with which Lambda passes a message."""
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": str(int(at.timestamp() * 1000))}
    return {"Records": [{"messageId": "m", "body": body, "attributes": attributes, "eventSource": "aws:sqs"}]}


def measured(aws: LocalAws, log: Log, call: Callable[[], Any]) -> Invocation:
    """Measure one invocation."""
    aws.requests()
    size, began = log.size, cpu_seconds()
    call()
    seconds, requests = cpu_seconds() - began, aws.requests()
    return Invocation(
        seconds, _count(requests, "PUT", "POST", "LIST"), _count(requests, "GET", "HEAD"), log.size - size
    )


def _add_past_days(today: date) -> None:
    """Write an article on each of the eight days before ``today``, because a build also lists these days."""
    store = MemoryStore()
    add_articles(store, range(1), 1)
    (article,) = store.objects.values()
    for number in range(1, 9):
        key = f"{day_folder(today - timedelta(days=number))}site0.example/article-{number:012x}.md"
        boto3.client("s3").put_object(Bucket="cost", Key=key, Body=article, IfNoneMatch="*")


def _count(requests: Counter[Request], *methods: str) -> int:
    return sum(n for request, n in requests.items() if request.method in methods)


def _sizes() -> Counter[str]:
    """The bytes in the bucket by kind, such as "articles", "claims" and "digests"."""
    sizes: Counter[str] = Counter()
    for page in boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket="cost"):
        for found in page.get("Contents", ()):
            folder = found["Key"].partition("/")[0]
            is_article = folder == "archive" and version_of(found["Key"])
            sizes["articles" if is_article else {"archive": "digests"}.get(folder, folder)] += found["Size"]
    return sizes
