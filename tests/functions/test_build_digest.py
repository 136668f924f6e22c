"""The function that builds and announces digests, with a local S3 and SNS."""

from __future__ import annotations

import importlib
import json
from datetime import UTC, datetime, timedelta
from types import ModuleType

import pytest

from feedarchive.archive.open_archive import open_archive
from feedarchive.polling.feed_state import FeedState
from feedarchive.polling.saved_state import load_state, save_state
from feedarchive.polling.shards import Shard
from feedarchive.problems import FeedError
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store
from tests.functions.conftest import Account, Context
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item
from tests.harness.ministack import client

FEEDS = '[[feeds]]\nurl = "https://example.org/feed.xml"\n'


def test_without_an_archive_nothing_is_built(build_digest: ModuleType, account: Account, context: Context) -> None:
    assert build_digest.handler({}, context) == {"changed": [], "announced": []}
    assert "Contents" not in client("s3").list_objects_v2(Bucket=account.bucket)


def test_a_finished_day_is_announced_once_as_mail_and_as_json(
    build_digest: ModuleType, account: Account, context: Context
) -> None:
    store, past = open_store(f"s3://{account.bucket}"), datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    open_archive(store, FEEDS)
    FeedArchiver(store, Clock(past)).poll(Item("A *title* with žluťoučký kůň", "https://example.org/1"))
    day = past.date().isoformat()
    assert build_digest.handler({}, context) == {"changed": [day], "announced": [day]}
    assert build_digest.handler({}, context) == {"changed": [], "announced": []}
    (mail,) = account.announced(account.digests)
    data = json.loads(mail["Message"])
    assert (data["bucket"], data["day"], data["counts"]["articles"]) == (account.bucket, day, 1)
    for name in ("json", "markdown", "html"):
        client("s3").head_object(Bucket=account.bucket, Key=data[name])
    assert mail["Subject"].isascii()
    assert len(mail["Subject"]) < 100


def test_an_invalid_feeds_file_is_reported_in_status_json(
    build_digest: ModuleType, account: Account, context: Context
) -> None:
    store = open_store(f"s3://{account.bucket}")
    open_archive(store, FEEDS)
    client("s3").put_object(Bucket=account.bucket, Key="feeds.toml", Body=FEEDS.encode() + b"interval = 5\nurl\n")
    build_digest.handler({}, context)
    status = store.read("status.json")
    assert status is not None
    reported = json.loads(status.data)
    assert "feeds.toml: " in reported["feeds_file"]
    assert "line 4" in reported["feeds_file"]
    assert [feed["url"] for feed in reported["feeds"]] == ["https://example.org/feed.xml"]


def test_that_every_feed_fails_is_mailed_once_for_each_outage(
    build_digest: ModuleType, account: Account, context: Context
) -> None:
    store, at = open_store(f"s3://{account.bucket}"), datetime.now(UTC).replace(microsecond=0)
    archive = open_archive(store, FEEDS)
    (feed,) = archive.feeds.feeds
    for number, (hours, mails) in enumerate(((1, 0), (3, 1), (3, 0), (30, 1))):
        since = at - timedelta(hours=hours)
        # Change the state as a poll does, because a build looks at the feeds only when their state has changed.
        failing = FeedState(
            last_poll=since, failures=number, failing_since=since, error_kind=FeedError.HTTP, error="HTTP 500"
        )
        save_state(store, Shard(""), load_state(store, Shard("")), {feed.id: failing}, None)
        build_digest.handler({}, context)
        received = account.announced(account.alarms)
        assert [mail["Subject"] for mail in received] == ["Feedarchive: every feed fails"] * mails
    assert account.bucket in received[0]["Message"]


def test_alarms_that_nobody_receives_are_in_status_json_and_in_the_digest(
    build_digest: ModuleType, account: Account, context: Context, monkeypatch: pytest.MonkeyPatch
) -> None:
    store, past = open_store(f"s3://{account.bucket}"), datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    open_archive(store, FEEDS)
    build_digest.handler({}, context)
    assert notices(store) == []
    nobody = client("sns").create_topic(Name=f"{account.bucket}-nobody")["TopicArn"]
    monkeypatch.setenv("ALARM_TOPIC", nobody)
    build_digest.alarms.cache_clear()
    FeedArchiver(store, Clock(past)).poll(Item("One", "https://example.org/1"))
    texts: list[str] = []
    monkeypatch.setattr(
        importlib.import_module("sns_announcer").SnsAnnouncer, "announce", lambda _, made: texts.append(made.text)
    )
    build_digest.handler({}, context)
    (notice,) = notices(store)
    assert notice.startswith("alarms: nobody receives them")
    assert f"- {notice}" in texts[0]
    monkeypatch.setenv("ALARMS_HAVE_MAIL", "false")
    build_digest.handler({}, context)
    assert notices(store) == []


def notices(store: Store) -> list[str]:
    stored = store.read("status.json")
    assert stored
    return list(json.loads(stored.data).get("notices", []))


def test_the_text_of_a_mail_is_shortened_to_the_limit_of_sns(build_digest: ModuleType) -> None:
    announcer = importlib.import_module("sns_announcer")
    lines = "\n".join(f"- feed {n}: " + "ž" * 200 for n in range(2000))
    short = announcer.shortened(lines)
    assert len(json.dumps(short)) < 110_000
    assert short.startswith("- feed 0: ž")
    assert "status.json" in short
    assert announcer.shortened("few words\n") == "few words\n"
