"""What a shard's worker, the planner and the digest ask of S3, and how long they take: the real functions, measured."""

from __future__ import annotations

import importlib
import os
import re
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import boto3

from bench.local_aws import LocalAws, Request, local_aws
from bench.serve import serving
from bench.subscriptions import AFTER, BEFORE, generated
from bench.systems.feedarchive import feeds_file

FEEDS = 50  # a shard's
_ENTRIES = 30
_PROJECT = Path(__file__).parents[2]
_TEMPLATE = (_PROJECT / "template.yaml").read_text(encoding="utf-8")
MEMORY_GB = int(re.findall(r"MemorySize: (\d+)", _TEMPLATE)[0]) / 1024


@dataclass(frozen=True)
class Took:
    """One invocation: seconds on this machine, writes (and lists) and reads at S3, bytes of log."""

    seconds: float
    writes: int
    reads: int
    log: int


@dataclass(frozen=True)
class Measured:
    """Invocations: a plan; a worker with nothing due, with nothing new, with a new article in each feed; a digest with
    nothing new, and one with FEEDS new articles. ``article`` is the bytes an article leaves in the bucket.
    """

    plan: Took
    idle: Took
    unchanged: Took
    new: Took
    quiet_digest: Took
    digest: Took
    article: float


def measure() -> Measured:
    """Run them once each, over real HTTP and a real S3 API on this machine."""
    with tempfile.TemporaryDirectory(prefix="feedarchive-cost-") as scratch:
        folder = Path(scratch)
        served = generated(folder / "www", FEEDS, _ENTRIES)
        with local_aws(folder, "cost") as aws, serving(folder / "www", folder / "server") as server:
            queue = _environment(aws)
            boto3.client("s3").put_object(
                Bucket="cost", Key="feeds.toml", Body=feeds_file(served.urls(server.port)).encode()
            )
            # First: the functions' logger holds on to the stdout it finds.
            log, fetch = _Log(), _function("fetch_feeds")
            fetch.handler({}, _CONTEXT)  # makes the archive
            plan = _took(aws, log, lambda: fetch.handler({}, _CONTEXT))
            body = boto3.client("sqs").receive_message(QueueUrl=queue)["Messages"][0]["Body"]
            at = datetime.now(UTC).replace(microsecond=0)

            def worker(hours: int) -> Took:
                moment = at + timedelta(hours=hours)
                sys.modules["worker"].now = lambda: moment  # type: ignore[attr-defined]
                return _took(aws, log, lambda: fetch.handler(_event(body, moment), _CONTEXT))

            served.show(BEFORE)
            worker(0)
            idle, unchanged = worker(0), worker(3)
            digest = _function("build_digest")
            digest.handler({}, _CONTEXT)
            quiet = _took(aws, log, lambda: digest.handler({}, _CONTEXT))
            served.show(AFTER)
            new = worker(6)
            busy = _took(aws, log, lambda: digest.handler({}, _CONTEXT))
            log.close()
            return Measured(plan, idle, unchanged, new, quiet, busy, _bytes() / (FEEDS * (_ENTRIES + 1)))


_CONTEXT: Any = SimpleNamespace(
    function_name="a-function", memory_limit_in_mb=1024, invoked_function_arn="arn", aws_request_id="a-run",
    get_remaining_time_in_millis=lambda: 300_000,
)  # fmt: skip


class _Log:
    """Takes what a function prints, and counts it."""

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


def _environment(aws: LocalAws) -> str:
    sqs, sns = boto3.client("sqs"), boto3.client("sns")
    queue = sqs.create_queue(QueueName="shards")["QueueUrl"]
    topic = sns.create_topic(Name="topic")["TopicArn"]
    os.environ |= {
        "BUCKET": "cost", "QUEUE_URL": queue, "DEAD_LETTERS_URL": queue, "ALARM_TOPIC": topic, "DIGEST_TOPIC": topic,
        "SCHEDULE": "rate(15 minutes)", "TIME_ZONE": "UTC", "RETENTION_DAYS": "0", "LARGEST_BODY_MIB": "10",
        "POWERTOOLS_SERVICE_NAME": "cost", "POWERTOOLS_METRICS_NAMESPACE": "Feedarchive",
    }  # fmt: skip
    return queue


def _function(name: str) -> Any:
    sys.modules.pop("handler", None)
    sys.path.insert(0, str(_PROJECT / "functions" / name))
    return importlib.import_module("handler")


def _event(body: str, at: datetime) -> dict[str, Any]:
    attributes = {"ApproximateReceiveCount": "1", "SentTimestamp": str(int(at.timestamp() * 1000))}
    return {"Records": [{"messageId": "m", "body": body, "attributes": attributes, "eventSource": "aws:sqs"}]}


def _took(aws: LocalAws, log: _Log, call: Callable[[], Any]) -> Took:
    aws.requests()
    size, began = log.size, time.perf_counter()
    call()
    seconds, asked = time.perf_counter() - began, aws.requests()
    return Took(seconds, _count(asked, "PUT", "POST", "LIST"), _count(asked, "GET", "HEAD"), log.size - size)


def _count(asked: Counter[Request], *methods: str) -> int:
    return sum(n for request, n in asked.items() if request.method in methods)


def _bytes() -> int:
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket="cost")
    found = [each for page in pages for each in page.get("Contents", ())]
    return sum(each["Size"] for each in found if each["Key"].startswith(("archive/", "claims/")))
