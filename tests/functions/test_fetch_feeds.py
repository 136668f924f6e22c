"""The function that plans and polls, with a local S3, SQS and SNS."""

from __future__ import annotations

import importlib
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from types import ModuleType
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from feedarchive.archive.manifest import InvalidArchive
from feedarchive.archive.open_archive import OpenArchive, open_archive
from feedarchive.archive.retention import removed_before
from feedarchive.clock import now
from feedarchive.documents.stored_documents import StoredDocuments
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList
from feedarchive.feeds.starter import starter_feeds
from feedarchive.feeds.toml_values import InvalidFeedsFile
from feedarchive.polling.queue_message import from_message, to_message
from feedarchive.polling.shards import Shard
from feedarchive.store.interface import StoreError
from feedarchive.store.location import open_store
from tests.functions.conftest import Account, Context
from tests.harness.feed_archiver import titles
from tests.harness.feed_documents import Item, rss
from tests.harness.feed_server import FeedServer, Response
from tests.harness.ministack import client

SCHEDULED: dict[str, Any] = {}


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


def test_no_credentials_in_the_log(
    fetch_feeds: ModuleType, account: Account, context: Context, server: FeedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    url = server.url("/feed.xml").replace("://", "://me:hunter2@")
    put_feeds(account, f'[[feeds]]\nurl = "{url}"\nheaders = {{ Authorization = "Bearer s3cret" }}\n')
    fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    fetch_feeds.handler(account.event(message), context)
    output = capsys.readouterr()
    assert "404" in output.out
    assert "hunter2" not in output.out + output.err
    assert "s3cret" not in output.out + output.err


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


def test_a_plan_remembers_what_the_retention_of_the_stack_removes(
    fetch_feeds: ModuleType, account: Account, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Otherwise articles would return when the parameter is raised or set to 0."""
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


def test_the_worker_uses_the_retention_of_the_bucket(
    fetch_feeds: ModuleType, account: Account, context: Context, feed: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    worker = importlib.import_module("worker")

    archive = open_archive(open_store(f"s3://{account.bucket}"), "")
    for days, expected in (("0", None), ("30", timedelta(days=30))):
        monkeypatch.setenv("RETENTION_DAYS", days)
        assert worker._limited(archive).feeds.retention == expected


def test_secrets_are_neither_queued_nor_copied(
    fetch_feeds: ModuleType, account: Account, context: Context, server: FeedServer, capsys: pytest.CaptureFixture[str]
) -> None:
    for path in ("/plain", "/a?token=swordfish", "/b", "/c"):
        server.serve(path, rss(Item(path[:2], guid=path[:2]), home=f"https://example.org{path[:2]}"))
    urls = [server.url(path) for path in ("/plain", "/a?token=swordfish", "/b", "/c")]
    urls[2] = urls[2].replace("//", "//alice:swordfish@")
    tables = [f'[[feeds]]\nurl = "{url}"\n' for url in urls]
    put_feeds(account, "".join(tables) + 'headers = { X-Key = "swordfish" }\n')
    fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    assert "swordfish" not in message["Body"]
    assert "swordfish" not in read(account, "feeds.last-good.toml")
    assert fetch_feeds.handler(account.event(message), context) == {"batchItemFailures": []}
    requests = {request.path: request.headers for request in server.requests}
    assert requests.keys() == {"/plain", "/a?token=swordfish", "/b", "/c"}
    assert (requests["/b"]["Authorization"][:6], requests["/c"]["X-Key"]) == ("Basic ", "swordfish")
    assert "swordfish" not in capsys.readouterr().out


def test_with_an_invalid_feeds_file_feeds_without_secrets_are_polled(
    fetch_feeds: ModuleType, account: Account, context: Context, feed: str, server: FeedServer,
    capsys: pytest.CaptureFixture[str],
) -> None:  # fmt: skip
    secret = f'[[feeds]]\nurl = "{server.url("/secret?token=swordfish")}"\n'
    put_feeds(account, f'[[feeds]]\nurl = "{feed}"\n{secret}')
    fetch_feeds.handler(SCHEDULED, context)
    account.messages(account.queue)
    put_feeds(account, f'[[feeds]]\nurl = "{feed}"\n{secret}mistake = 1\n')
    with pytest.raises(InvalidFeedsFile):
        fetch_feeds.handler(SCHEDULED, context)
    (message,) = account.messages(account.queue)
    capsys.readouterr()
    fetch_feeds.handler(account.event(message), context)
    assert [request.path for request in server.requests] == ["/feed.xml"]
    (problem,) = [line for line in logged(capsys) if line.get("problem")]
    assert problem["problem"] == "secret"
    assert "*** instead of a secret" in problem["message"]


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
