"""fetch_feeds makes a plan: it sends a message to the queue for each shard with due feeds."""

from __future__ import annotations

import importlib
import json
from datetime import timedelta
from types import ModuleType
from typing import Any

import pytest

from feedarchive.archive.manifest import InvalidArchive
from feedarchive.archive.retention import removed_before
from feedarchive.feeds.starter import starter_feeds
from feedarchive.feeds.toml_values import InvalidFeedsFile
from feedarchive.polling.queue_message import from_message
from feedarchive.store.location import open_store
from tests.functions.conftest import Account, Context, logged, put_feeds, read
from tests.harness.ministack import client

SCHEDULED: dict[str, Any] = {}


def test_the_first_plan_creates_the_archive_with_the_starter_feeds(
    fetch_feeds: ModuleType, account: Account, context: Context
) -> None:
    result = fetch_feeds.handler(SCHEDULED, context)
    assert read(account, "feeds.toml") == starter_feeds()
    assert json.loads(read(account, "archive.json"))["time_zone"] == "Europe/Berlin"
    (message,) = account.messages(account.queue)
    assert len(json.loads(message["Body"])["feeds"]) == result["feeds"] > 10


def test_an_unknown_time_zone_is_mailed_once_and_the_corrected_one_creates_the_archive(
    fetch_feeds: ModuleType, account: Account, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("TIME_ZONE", "Europe/Berln")
    for _ in range(2):
        with pytest.raises(InvalidArchive, match="parameter TimeZone: 'Europe/Berln' is not a time zone"):
            fetch_feeds.handler(SCHEDULED, context)
    (mail,) = account.announced(account.alarms)
    assert "parameter TimeZone" in mail["Message"]
    assert mail["Subject"] == "Feedarchive: the parameter TimeZone is wrong"
    monkeypatch.setenv("TIME_ZONE", "Europe/Berlin")
    assert fetch_feeds.handler(SCHEDULED, context)["feeds"] > 10
    assert json.loads(read(account, "archive.json"))["time_zone"] == "Europe/Berlin"


def test_a_plan_logs_an_error_while_shards_are_in_the_queue_of_dead_letters(
    fetch_feeds: ModuleType, account: Account, context: Context, capsys: pytest.CaptureFixture[str]
) -> None:
    client("sqs").send_message(QueueUrl=account.dead_letters, MessageBody="a shard")
    fetch_feeds.handler(SCHEDULED, context)
    errors = [line for line in logged(capsys) if line.get("level") == "ERROR"]
    assert [line["dead_letters"] for line in errors] == [1]
    account.messages(account.dead_letters)
    fetch_feeds.handler(SCHEDULED, context)
    assert not [line for line in logged(capsys) if line.get("level") == "ERROR"]


def test_lost_claims_stop_a_plan_and_are_looked_for_once_a_day(
    fetch_feeds: ModuleType, account: Account, context: Context, feed: str
) -> None:
    fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    fetch_feeds.handler(account.event(message), context)
    s3, store = client("s3"), open_store(f"s3://{account.bucket}")
    for key in list(store.list("claims/")):
        s3.delete_object(Bucket=account.bucket, Key=key)
    fetch_feeds.handler(SCHEDULED, context)
    s3.put_object(Bucket=account.bucket, Key="state/claims-checked.json", Body=b'{"day": "2025-12-24"}\n')
    with pytest.raises(InvalidArchive, match="claims"):
        fetch_feeds.handler(SCHEDULED, context)


def test_2000_feeds_are_planned_in_shards_that_keep_hosts_together(
    fetch_feeds: ModuleType, account: Account, context: Context
) -> None:
    feeds = [f"https://host-{n % 900}.example/feed-{n}.xml" for n in range(2000)]
    put_feeds(account, "".join(f'[[feeds]]\nurl = "{url}"\n' for url in feeds))
    assert fetch_feeds.handler(SCHEDULED, context) == {"feeds": 2000, "shards": 32}
    shards = [[f["url"] for f in json.loads(m["Body"])["feeds"]] for m in account.messages(account.queue)]
    assert sorted(url for shard in shards for url in shard) == sorted(feeds)
    hosts = [{url.split("/")[2] for url in shard} for shard in shards]
    assert sum(len(some) for some in hosts) == 900


def test_messages_are_sent_in_tens_and_within_the_limits_of_a_request(
    fetch_feeds: ModuleType, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    send = importlib.import_module("send")
    requests: list[list[int]] = []
    inner = send._send

    def recorded(messages: list[str]) -> Any:
        requests.append([len(each) for each in messages])
        return inner(messages)

    monkeypatch.setattr(send, "_send", recorded)
    messages = [str(n) * 10 for n in range(64)] + ["x" * 200_000, "y" * 100_000, "z"]
    send.send(messages)
    assert sorted(message["Body"] for message in account.messages(account.queue)) == sorted(messages)
    assert len(requests) == 8
    assert all(len(sizes) <= 10 and sum(sizes) <= 256 * 1024 for sizes in requests)


def test_a_message_that_sqs_refuses_is_an_error_and_the_others_are_sent(
    fetch_feeds: ModuleType, account: Account
) -> None:
    """SQS refuses control characters, here in a batch with valid messages."""
    send = importlib.import_module("send")
    with pytest.raises(send.NotSent, match="1 of 3 messages"):
        send.send(["one", "\x00", "three"])
    assert sorted(message["Body"] for message in account.messages(account.queue)) == ["one", "three"]


def test_an_invalid_feeds_file_fails_the_plan_after_planning_the_last_good_one_and_is_mailed_once(
    fetch_feeds: ModuleType, account: Account, context: Context, feed: str
) -> None:
    fetch_feeds.handler(SCHEDULED, context)
    account.messages(account.queue)
    put_feeds(account, f'[[feeds]]\nurl = "{feed}"\n[[feeds]\n')
    for _ in range(2):
        with pytest.raises(InvalidFeedsFile, match=r"feeds\.toml: .*line 5.*last good"):
            fetch_feeds.handler(SCHEDULED, context)
        (message,) = account.messages(account.queue)
        assert [f["url"] for f in json.loads(message["Body"])["feeds"]] == [feed]
    (mail,) = account.announced(account.alarms)
    assert "line 5" in mail["Message"]


def test_a_plan_remembers_what_the_retention_of_the_stack_removes(
    fetch_feeds: ModuleType, account: Account, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise, removed articles would be archived again when the parameter is raised or set to 0."""
    monkeypatch.setenv("RETENTION_DAYS", "30")
    fetch_feeds.handler(SCHEDULED, context)
    before = removed_before(open_store(f"s3://{account.bucket}"))
    assert before
    monkeypatch.setenv("RETENTION_DAYS", "0")
    account.messages(account.queue)
    fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    retention = from_message(message["Body"]).archive.feeds.retention
    assert retention
    assert timedelta(days=29) < retention < timedelta(days=31)
