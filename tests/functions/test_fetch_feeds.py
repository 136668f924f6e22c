"""The function that plans and polls, with a local S3, SQS and SNS."""

from __future__ import annotations

import importlib
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feedarchive.archive.open_archive import OpenArchive, open_archive
from feedarchive.clock import now
from feedarchive.documents.stored_documents import StoredDocuments
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.polling.queue_message import to_message
from feedarchive.polling.shards import Shard
from feedarchive.store.interface import StoreError
from feedarchive.store.location import open_store
from tests.functions.conftest import Account, Context, logged, metrics, put_feeds, read
from tests.harness.feed_archiver import titles
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, Response
from tests.harness.ministack import client

SCHEDULED: dict[str, Any] = {}


def test_a_shard_is_polled_and_counted(
    fetch_feeds: ModuleType, account: Account, context: Context, feed: str, capsys: pytest.CaptureFixture[str]
) -> None:
    fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    capsys.readouterr()
    assert fetch_feeds.handler(account.event(message), context) == {"batchItemFailures": []}
    assert titles(open_store(f"s3://{account.bucket}")) == ["One", "Two"]
    lines = logged(capsys)
    counted = metrics(lines)
    assert {name: counted[name] for name in ("Runs", "Polled", "Unchanged", "Failed", "New", "Known", "Revised")} == {
        "Runs": 1, "Polled": 1, "Unchanged": 0, "Failed": 0, "New": 2, "Known": 0, "Revised": 0,
    }  # fmt: skip
    assert counted["Bytes"] > 100
    assert counted["OldestDue"] == 0
    messages = [line for line in lines if "message" in line]
    assert messages
    assert all({"run", "shard", "feed"} <= line.keys() for line in messages)
    assert {line["run"] for line in messages} == {context.aws_request_id}


def test_a_message_delivered_twice_adds_nothing(
    fetch_feeds: ModuleType, account: Account, context: Context, feed: str
) -> None:
    fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    store = open_store(f"s3://{account.bucket}")
    fetch_feeds.handler(account.event(message), context)
    before = {key: read(account, key) for key in store.list("archive/")}
    client("s3").delete_object(Bucket=account.bucket, Key="state/all.json")
    fetch_feeds.handler(account.event(message, receives=2), context)
    assert {key: read(account, key) for key in store.list("archive/")} == before


def test_a_message_delivered_to_many_workers_at_the_same_time_adds_nothing(
    fetch_feeds: ModuleType, account: Account, context: Context, feed: str
) -> None:
    fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    worker = importlib.import_module("worker")
    (record,) = account.event(message)["Records"]
    with ThreadPoolExecutor(6) as pool:
        list(pool.map(lambda _: worker.work(record["body"], record["attributes"], context), range(6)))
    assert titles(open_store(f"s3://{account.bucket}")) == ["One", "Two"]


@pytest.mark.parametrize(
    ("receives", "minutes", "polled"), [(1, 14, True), (1, 16, False), (2, 16, True)], ids=["fresh", "stale", "retry"]
)
def test_a_first_delivery_older_than_a_period_is_dropped(
    fetch_feeds: ModuleType, account: Account, context: Context, feed: str, server: FeedServer, receives: int,
    minutes: int, polled: bool,
) -> None:  # fmt: skip
    fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    sent = datetime.now(UTC) - timedelta(minutes=minutes)
    assert fetch_feeds.handler(account.event(message, receives, sent), context) == {"batchItemFailures": []}
    assert bool(server.requests) == polled


def test_a_worker_near_its_deadline_starts_no_feed_and_succeeds(
    fetch_feeds: ModuleType, account: Account, context: Context, feed: str, server: FeedServer,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    capsys.readouterr()
    assert fetch_feeds.handler(account.event(message), Context(seconds_left=30)) == {"batchItemFailures": []}
    assert server.requests == []
    assert [line["left"] for line in logged(capsys) if "left" in line] == [1]


def test_a_failing_store_is_an_error_and_no_state_is_saved(
    fetch_feeds: ModuleType, account: Account, context: Context, feed: str, monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    capsys.readouterr()
    client("s3").delete_object(Bucket=account.bucket, Key="archive.json")
    monkeypatch.setenv("BUCKET", "no-such-bucket-here")
    importlib.import_module("settings").store.cache_clear()
    with pytest.raises(StoreError, match="the bucket does not exist"):
        fetch_feeds.handler(account.event(message), context)
    assert any("the bucket does not exist" in line.get("message", "") for line in logged(capsys))
    assert titles(open_store(f"s3://{account.bucket}")) == []


def test_a_document_larger_than_the_stack_allows_is_reported(
    fetch_feeds: ModuleType, account: Account, context: Context, feed: str, server: FeedServer,
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    monkeypatch.setenv("LARGEST_BODY_MIB", "1")
    server.serve("/feed.xml", rss(Item("Large", "https://example.org/1", text="word " * 300_000)))
    fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    fetch_feeds.handler(account.event(message), context)
    assert "the document is larger than 1 MiB" in [line.get("message") for line in logged(capsys)]


def test_the_worker_uses_the_retention_of_the_bucket(
    fetch_feeds: ModuleType, account: Account, context: Context, feed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = importlib.import_module("worker")

    archive = open_archive(open_store(f"s3://{account.bucket}"), "")
    for days, expected in (("0", None), ("30", timedelta(days=30))):
        monkeypatch.setenv("RETENTION_DAYS", days)
        assert worker._limited(archive).feeds.retention == expected


def test_a_worker_keeps_the_documents_of_the_feeds_that_ask_for_it(
    fetch_feeds: ModuleType, account: Account, context: Context, server: FeedServer
) -> None:
    for path in ("/kept", "/other"):
        server.serve(path, rss(Item(path, f"https://example.org{path}")))
    tables = [f'[[feeds]]\nurl = "{server.url("/kept")}"\nid = "kept"\nkeep_documents = true\n']
    put_feeds(account, "".join([*tables, f'[[feeds]]\nurl = "{server.url("/other")}"\nid = "other"\n']))
    fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    for receives in (1, 2):  # SQS may deliver a message twice
        fetch_feeds.handler(account.event(message, receives), context)
    store = open_store(f"s3://{account.bucket}")
    (key,) = store.list("documents/")
    assert key.startswith("documents/kept/")
    with StoredDocuments(store) as documents:
        (location,) = documents.documents_of(documents.months()[key[15:22]])
        record = documents.read(location)
    assert record
    assert record.body == rss(Item("/kept", "https://example.org/kept"))


MOVED_ITEM = Item("About a page", "https://example.net/1", "tag:1")


def poll_shard(fetch_feeds: ModuleType, account: Account, context: Context, *urls: str) -> None:
    """Poll a shard that has only these feeds, as one of many shards."""
    feeds = [Feed(url, url.rpartition("/")[2]) for url in urls]
    archive = OpenArchive(ZoneInfo("UTC"), FeedList(tuple(feeds), allow_private_addresses=True), created=False)
    client("sqs").send_message(QueueUrl=account.queue, MessageBody=to_message("run", Shard("0"), feeds, archive))
    (message,) = account.messages(account.queue)
    worker = sys.modules["worker"]
    fetch_feeds.handler(account.event(message, sent=worker.now()), context)


def test_a_feed_that_moves_to_one_of_another_shard_is_not_polled_until_that_is_removed(
    fetch_feeds: ModuleType,
    account: Account,
    context: Context,
    server: FeedServer,
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kept, store = server.serve("/kept", rss(MOVED_ITEM)), open_store(f"s3://{account.bucket}")
    server.responses["/old"] = Response(status=301, headers={"Location": kept})
    old = server.url("/old")
    tables = [f'[[feeds]]\nurl = "{url}"\nid = "{url.rpartition("/")[2]}"\n' for url in (old, kept)]
    put_feeds(account, "".join(tables))
    for _ in range(2):
        poll_shard(fetch_feeds, account, context, old)
    assert titles(store) == []
    assert [request.path for request in server.requests] == ["/old", "/kept"]
    assert [line["problem"] for line in logged(capsys) if "problem" in line] == ["same-feed"]
    put_feeds(account, tables[0])
    monkeypatch.setattr(sys.modules["worker"], "now", lambda: now() + timedelta(hours=1))
    poll_shard(fetch_feeds, account, context, old)
    assert titles(store) == ["About a page"]


def test_a_feed_that_moves_to_a_url_of_no_other_feed_goes_on(
    fetch_feeds: ModuleType, account: Account, context: Context, server: FeedServer
) -> None:
    kept = server.serve("/kept", rss(MOVED_ITEM))
    server.responses["/old"] = Response(status=301, headers={"Location": kept})
    put_feeds(account, f'[[feeds]]\nurl = "{server.url("/old")}"\nid = "old"\ntitle = "Was {kept}"\n')
    poll_shard(fetch_feeds, account, context, server.url("/old"))
    assert titles(open_store(f"s3://{account.bucket}")) == ["About a page"]
