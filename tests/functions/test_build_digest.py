"""The function that builds and announces, on a local S3 and SNS."""

from __future__ import annotations

import importlib
import json
from datetime import UTC, datetime, timedelta
from types import ModuleType

import boto3

from clock import Clock
from feedarchive.archive.open_archive import open_archive
from feedarchive.store.location import open_store
from functions.conftest import Account, Context
from press import Item, Press

FEEDS = '[[feeds]]\nurl = "https://example.org/feed.xml"\n'


def test_before_the_first_run_there_is_nothing_to_build(
    build_digest: ModuleType, account: Account, context: Context
) -> None:
    assert build_digest.handler({}, context) == {"changed": [], "announced": []}
    assert "Contents" not in boto3.client("s3").list_objects_v2(Bucket=account.bucket)


def test_a_day_that_is_over_is_announced_once_as_mail_and_as_json(
    build_digest: ModuleType, account: Account, context: Context
) -> None:
    store, past = open_store(f"s3://{account.bucket}"), datetime.now(UTC).replace(microsecond=0) - timedelta(days=3)
    open_archive(store, FEEDS)
    Press(store, Clock(past)).poll(Item("A *title* with žluťoučký kůň", "https://example.org/1"))
    day = past.date().isoformat()
    assert build_digest.handler({}, context) == {"changed": [day], "announced": [day]}
    assert build_digest.handler({}, context) == {"changed": [], "announced": []}
    (mail,) = account.announced(account.digests)
    data = json.loads(mail["Message"])
    assert (data["bucket"], data["day"], data["counts"]["articles"]) == (account.bucket, day, 1)
    for name in ("json", "markdown", "html"):
        boto3.client("s3").head_object(Bucket=account.bucket, Key=data[name])
    assert mail["Subject"].isascii()
    assert len(mail["Subject"]) < 100


def test_a_broken_feeds_file_is_named_in_status_json(
    build_digest: ModuleType, account: Account, context: Context
) -> None:
    store = open_store(f"s3://{account.bucket}")
    open_archive(store, FEEDS)
    boto3.client("s3").put_object(Bucket=account.bucket, Key="feeds.toml", Body=FEEDS.encode() + b"interval = 5\nurl\n")
    build_digest.handler({}, context)
    status = store.read("status.json")
    assert status is not None
    said = json.loads(status.data)
    assert "feeds.toml: " in said["feeds_file"]
    assert "line 4" in said["feeds_file"]
    assert [feed["url"] for feed in said["feeds"]] == ["https://example.org/feed.xml"]


def test_the_text_of_a_mail_is_cut_before_sns_refuses_it(build_digest: ModuleType) -> None:
    announcer = importlib.import_module("announcer")
    lines = "\n".join(f"- feed {n}: " + "ž" * 200 for n in range(2000))
    short = announcer.shortened(lines)
    assert len(json.dumps(short)) < 110_000
    assert short.startswith("- feed 0: ž")
    assert "status.json" in short
    assert announcer.shortened("few words\n") == "few words\n"
