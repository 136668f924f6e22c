"""Fixtures that import the functions as Lambda does, and a local S3, SQS and SNS."""

from __future__ import annotations

import importlib
import json
import logging
import os
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer
from tests.harness.ministack import client

FUNCTIONS = Path(__file__).parents[2] / "functions"


@dataclass
class Context:
    """The context that Lambda passes to a handler."""

    seconds_left: float = 300.0
    function_name: str = "a-function"
    memory_limit_in_mb: int = 1024
    invoked_function_arn: str = "arn:aws:lambda:eu-central-1:111111111111:function:a-function"
    aws_request_id: str = "3f0c-a-request"

    def get_remaining_time_in_millis(self) -> int:
        return int(self.seconds_left * 1000)


@dataclass
class Account:
    """The names of the resources that template.yaml creates."""

    bucket: str
    queue: str
    dead_letters: str
    digests: str
    alarms: str
    completions: str
    mailboxes: dict[str, str] = field(default_factory=dict)

    def messages(self, queue: str) -> list[dict[str, Any]]:
        """Receive and delete all messages of a queue."""
        sqs = client("sqs")
        found: list[dict[str, Any]] = []
        while True:
            response = sqs.receive_message(QueueUrl=queue, MaxNumberOfMessages=10, MessageSystemAttributeNames=["All"])
            some = response.get("Messages", [])
            if not some:
                return found
            for message in some:
                sqs.delete_message(QueueUrl=queue, ReceiptHandle=message["ReceiptHandle"])
            found += [dict(message) for message in some]

    def event(self, message: dict[str, Any], receives: int = 1, sent: datetime | None = None) -> dict[str, Any]:
        """The event with which Lambda passes a message to the handler."""
        attributes = {**message["Attributes"], "ApproximateReceiveCount": str(receives)}
        if sent:
            attributes["SentTimestamp"] = str(int(sent.timestamp() * 1000))
        record = {
            "messageId": message["MessageId"], "receiptHandle": "x", "body": message["Body"], "attributes": attributes,
            "messageAttributes": {}, "md5OfBody": "", "eventSource": "aws:sqs", "eventSourceARN": "x", "awsRegion": "x",
        }  # fmt: skip
        return {"Records": [record]}

    def announced(self, topic: str) -> list[dict[str, Any]]:
        """Receive and delete the announcements that a topic has sent."""
        return [json.loads(message["Body"]) for message in self.messages(self.mailboxes[topic])]


@pytest.fixture
def account(bucket: str, monkeypatch: pytest.MonkeyPatch) -> Account:
    sqs, sns = client("sqs"), client("sns")
    queues = [
        sqs.create_queue(QueueName=f"{bucket}-{name}")["QueueUrl"] for name in ("shards", "dead", "a", "b", "jobs")
    ]
    topics = [sns.create_topic(Name=f"{bucket}-{name}")["TopicArn"] for name in ("digests", "alarms")]
    mailboxes = dict(zip(topics, queues[2:4], strict=True))
    created = Account(bucket, queues[0], queues[1], topics[0], topics[1], queues[4], mailboxes)
    for topic, queue in created.mailboxes.items():
        arn = sqs.get_queue_attributes(QueueUrl=queue, AttributeNames=["QueueArn"])["Attributes"]["QueueArn"]
        sns.subscribe(TopicArn=topic, Protocol="sqs", Endpoint=arn)
    environment = {
        "BUCKET": bucket, "QUEUE_URL": created.queue, "DEAD_LETTERS_URL": created.dead_letters,
        "COMPLETIONS_URL": created.completions,
        "ALARM_TOPIC": created.alarms, "DIGEST_TOPIC": created.digests, "SCHEDULE": "rate(15 minutes)",
        "TIME_ZONE": "Europe/Berlin",
        "RETENTION_DAYS": "0", "LARGEST_BODY_MIB": "10", "POWERTOOLS_SERVICE_NAME": bucket,
        "POWERTOOLS_METRICS_NAMESPACE": "Feedarchive", "ALARMS_HAVE_MAIL": "true",
    }  # fmt: skip
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    return created


class Stdout:
    """Writes to sys.stdout, which pytest replaces for each test."""

    def write(self, text: str) -> int:
        return sys.stdout.write(text)

    def flush(self) -> None:
        sys.stdout.flush()


def imported(function: str) -> Iterator[ModuleType]:
    folder = FUNCTIONS / function
    own = {path.stem for path in folder.glob("*.py")}
    sys.path.insert(0, str(folder))
    try:
        module = importlib.import_module("handler")
        for log_handler in logging.getLogger(os.environ["POWERTOOLS_SERVICE_NAME"]).handlers:
            # The log handler would keep the stdout of the first test.
            log_handler.setStream(Stdout())  # type: ignore[attr-defined]
        yield module
    finally:
        sys.path.remove(str(folder))
        for name in own:
            sys.modules.pop(name, None)
        logging.getLogger("feedarchive").handlers.clear()


@pytest.fixture
def fetch_feeds(account: Account) -> Iterator[ModuleType]:
    yield from imported("fetch_feeds")


@pytest.fixture
def build_digest(account: Account) -> Iterator[ModuleType]:
    yield from imported("build_digest")


@pytest.fixture
def complete_articles(account: Account) -> Iterator[ModuleType]:
    yield from imported("complete_articles")


@pytest.fixture
def context() -> Context:
    return Context()


@pytest.fixture
def feed(account: Account, server: FeedServer) -> str:
    """The URL of a subscribed feed with two entries."""
    url = server.serve("/feed.xml", rss(Item("One", "https://example.org/1", "g1"), Item("Two", guid="g2")))
    put_feeds(account, f'[[feeds]]\nurl = "{url}"\n')
    return url


def put_feeds(account: Account, feeds: str) -> None:
    body = "[fetch]\nallow_private_addresses = true\n" + feeds
    client("s3").put_object(Bucket=account.bucket, Key="feeds.toml", Body=body.encode())


def read(account: Account, key: str) -> str:
    return str(client("s3").get_object(Bucket=account.bucket, Key=key)["Body"].read(), "utf-8")


def logged(capsys: pytest.CaptureFixture[str]) -> list[dict[str, Any]]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines() if line.startswith("{")]


def metrics(lines: list[dict[str, Any]]) -> dict[str, float]:
    return {
        name: value[0] for line in lines if "_aws" in line for name, value in line.items() if isinstance(value, list)
    }
