"""Measure the functions: the time, S3 requests and log size of a plan, a worker and a digest."""

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

from benchmarks.peers.local_aws import LocalAws, Request, local_aws
from benchmarks.peers.subscriptions import AFTER, BEFORE, generated
from benchmarks.peers.systems.feedarchive import feeds_file
from benchmarks.peers.web_server import serving

FEEDS = 50  # per shard
_ENTRIES = 30
_PROJECT = Path(__file__).parents[2]
_TEMPLATE = (_PROJECT / "template.yaml").read_text(encoding="utf-8")
MEMORY_GB = int(re.findall(r"MemorySize: (\d+)", _TEMPLATE)[0]) / 1024


@dataclass(frozen=True)
class Invocation:
    """One invocation: seconds on this machine, writes (and lists) and reads at S3, bytes of log."""

    seconds: float
    writes: int
    reads: int
    log: int


@dataclass(frozen=True)
class Measured:
    """A plan; a worker with no feed due, with nothing new, and with a new article in each feed; a digest with nothing
    new, and with FEEDS new articles. ``article`` is the stored bytes per article.
    """

    plan: Invocation
    idle: Invocation
    unchanged: Invocation
    new: Invocation
    quiet_digest: Invocation
    digest: Invocation
    article: float


def measure() -> Measured:
    """Invoke each of them once, with a local web server and a local S3 API."""
    with tempfile.TemporaryDirectory(prefix="feedarchive-cost-") as scratch:
        folder = Path(scratch)
        served = generated(folder / "www", FEEDS, _ENTRIES)
        with local_aws(folder, "cost") as aws, serving(folder / "www", folder / "server") as server:
            queue = _environment(aws)
            boto3.client("s3").put_object(
                Bucket="cost", Key="feeds.toml", Body=feeds_file(served.urls(server.port)).encode()
            )
            # Before the import: the functions' logger keeps the stdout of that time.
            log, fetch = _Log(), _function("fetch_feeds")
            fetch.handler({}, _CONTEXT)  # creates the archive
            plan = _measured(aws, log, lambda: fetch.handler({}, _CONTEXT))
            body = boto3.client("sqs").receive_message(QueueUrl=queue)["Messages"][0]["Body"]
            at = datetime.now(UTC).replace(microsecond=0)

            def worker(hours: int) -> Invocation:
                moment = at + timedelta(hours=hours)
                sys.modules["worker"].now = lambda: moment  # type: ignore[attr-defined]
                return _measured(aws, log, lambda: fetch.handler(_event(body, moment), _CONTEXT))

            served.publish(BEFORE)
            worker(0)
            idle, unchanged = worker(0), worker(3)
            digest = _function("build_digest")
            digest.handler({}, _CONTEXT)
            quiet = _measured(aws, log, lambda: digest.handler({}, _CONTEXT))
            served.publish(AFTER)
            new = worker(6)
            busy = _measured(aws, log, lambda: digest.handler({}, _CONTEXT))
            log.close()
            return Measured(plan, idle, unchanged, new, quiet, busy, _bytes() / (FEEDS * (_ENTRIES + 1)))


_CONTEXT: Any = SimpleNamespace(
    function_name="a-function", memory_limit_in_mb=1024, invoked_function_arn="arn", aws_request_id="a-run",
    get_remaining_time_in_millis=lambda: 300_000,
)  # fmt: skip


class _Log:
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


def _measured(aws: LocalAws, log: _Log, call: Callable[[], Any]) -> Invocation:
    aws.requests()
    size, began = log.size, time.perf_counter()
    call()
    seconds, requests = time.perf_counter() - began, aws.requests()
    return Invocation(
        seconds, _count(requests, "PUT", "POST", "LIST"), _count(requests, "GET", "HEAD"), log.size - size
    )


def _count(requests: Counter[Request], *methods: str) -> int:
    return sum(n for request, n in requests.items() if request.method in methods)


def _bytes() -> int:
    pages = boto3.client("s3").get_paginator("list_objects_v2").paginate(Bucket="cost")
    found = [each for page in pages for each in page.get("Contents", ())]
    return sum(each["Size"] for each in found if each["Key"].startswith(("archive/", "claims/")))
