"""A shard as a queue message: encoding and decoding, and the size limit of SQS."""

from __future__ import annotations

import json
import random
import string
from dataclasses import fields
from zoneinfo import ZoneInfo

import pytest

from feedarchive.archive.open_archive import OpenArchive
from feedarchive.feeds.feed import Feed
from feedarchive.feeds.feeds_file import FeedList, parse_feeds_file
from feedarchive.polling.queue_message import MAX_MESSAGE_BYTES, NOT_SENT, InvalidMessage, from_message, to_message
from feedarchive.polling.shards import Shard, shards_of

ALL_KEYS = """
[archive]
time_zone = "Europe/Berlin"
contact = "https://example.org/me"
retention_days = 30
timestamp = "https://stamps.example/tsr"
tag_style = "slug"
[fetch]
allow_private_addresses = true
[pages]
images = false
[[feeds]]
url = "https://example.org/plain.xml"
[[feeds]]
url = "https://example.org/feed.xml"
id = "an-id"
title = "Žluťoučký 🐎"
tags = ["a", "b"]
interval = "6 h"
timeout = "60 s"
ca = "/etc/own.pem"
full_text = "short"
images = true
enclosures = true
largest_enclosure = "20 MB"
keep_documents = true
site = "example.org"
body = "html"
revisions = false
keep = { title = "(?i)space|moon", tags = "science" }
drop = { title = ["^Sponsored:", "(?i)quiz"], link = "/video/" }
headers = { Authorization = "Bearer ssm:/feedarchive/token", Cookie = "env:COOKIE" }
"""


def archive_of(text: str) -> OpenArchive:
    return OpenArchive(ZoneInfo("Europe/Berlin"), parse_feeds_file(text, "feeds.toml"), created=False)


def test_a_message_is_decoded_to_what_was_encoded() -> None:
    archive = archive_of(ALL_KEYS)
    message = from_message(to_message("a-run", Shard("01"), archive.feeds.feeds, archive))
    assert (message.run, message.shard, message.archive) == ("a-run", Shard("01"), archive)


def test_secrets_are_sent_as_references() -> None:
    archive = archive_of(ALL_KEYS)
    feeds = json.loads(to_message("r", Shard(""), archive.feeds.feeds, archive))["feeds"]
    assert feeds[1]["headers"] == {"Authorization": "Bearer ssm:/feedarchive/token", "Cookie": "env:COOKIE"}


SECRETS = """
[fetch]
proxy = "http://me:swordfish@proxy.example:3128"
[[feeds]]
url = "https://alice:swordfish@example.org/login.xml"
[[feeds]]
url = "https://example.org/token.xml?token=swordfish&page=1"
[[feeds]]
url = "https://example.org/header.xml"
headers = { X-Key = "swordfish" }
[[feeds]]
url = "https://{env:USER}:swordfish@example.org/half.xml"
[[feeds]]
url = "https://bob:env:WORD@example.org/references.xml?token=ssm:/feedarchive/token"
headers = { X-Key = "env:KEY" }
[[feeds]]
url = "https://example.org/plain.xml"
"""


def test_secrets_themselves_are_read_from_the_feeds_file() -> None:
    archive = archive_of(SECRETS)
    text = to_message("r", Shard(""), archive.feeds.feeds, archive)
    assert "swordfish" not in text
    message = from_message(text)
    assert [feed.url for feed in message.archive.feeds.feeds] == [
        "https://bob:{env:WORD}@example.org/references.xml?token={ssm:%2Ffeedarchive%2Ftoken}",
        "https://example.org/plain.xml",
    ]
    assert not message.is_complete
    complete = message.complete(archive.feeds)
    assert complete.is_complete
    assert complete.archive.feeds.proxy == archive.feeds.proxy
    by_id = {feed.id: feed for feed in complete.archive.feeds.feeds}
    assert by_id == {feed.id: feed for feed in archive.feeds.feeds}


def test_a_feed_that_was_removed_meanwhile_is_left_out() -> None:
    archive = archive_of(SECRETS)
    message = from_message(to_message("r", Shard(""), archive.feeds.feeds, archive))
    left = message.complete(archive_of('[[feeds]]\nurl = "https://example.net/feed"').feeds)
    assert [feed.public_url for feed in left.archive.feeds.feeds] == [
        "https://example.org/references.xml?token=***",
        "https://example.org/plain.xml",
    ]


def test_a_message_of_release_0_1_0_is_understood() -> None:
    archive = archive_of(ALL_KEYS)
    message = json.loads(to_message("r", Shard(""), archive.feeds.feeds, archive))
    del message["ids_from_file"], message["proxy_from_file"]
    assert from_message(json.dumps({**message, "version": 1})).archive == archive


def test_a_feed_with_only_a_url_is_small() -> None:
    archive = archive_of('[[feeds]]\nurl = "https://example.org/plain.xml"\n')
    feeds = json.loads(to_message("r", Shard(""), archive.feeds.feeds, archive))["feeds"]
    assert feeds[0].keys() == {"url", "id"}


def test_fields_that_no_worker_needs_are_not_sent() -> None:
    archive = archive_of('[[feeds]]\nurl = "https://example.org/feed"\nhome_page = "https://example.org/home"\n')
    text = to_message("r", Shard(""), archive.feeds.feeds, archive)
    assert "example.org/home" not in text
    assert from_message(text).archive.feeds.feeds[0].home_page == ""


def test_a_message_has_only_the_feeds_of_the_shard() -> None:
    archive = archive_of(ALL_KEYS)
    message = from_message(to_message("r", Shard(""), archive.feeds.feeds[1:], archive))
    assert message.archive.feeds.feeds == archive.feeds.feeds[1:]


def test_two_thousand_feeds_of_one_host_fit_into_one_message() -> None:
    urls = [f"https://videos.example/feeds/videos.xml?channel_id=UC{_noise(n)}" for n in range(2000)]
    tables = [f'[[feeds]]\nurl = "{url}"\ntitle = "Channel number {n}"\n' for n, url in enumerate(urls)]
    archive = archive_of("".join(tables))
    ((shard, feeds),) = shards_of(archive.feeds.feeds).items()
    text = to_message("r", shard, feeds, archive)
    assert len(text.encode()) <= MAX_MESSAGE_BYTES
    assert from_message(text).archive.feeds.feeds == archive.feeds.feeds


def test_a_shard_that_is_too_large_is_an_error() -> None:
    archive = archive_of("".join(f'[[feeds]]\nurl = "https://x.example/{_noise(n, 400)}"\n' for n in range(1500)))
    with pytest.raises(InvalidMessage, match="the 1500 feeds of shard all do not fit"):
        to_message("r", Shard(""), archive.feeds.feeds, archive)


@pytest.mark.parametrize("text", ["", "{}", "[]", "null", '{"version": 3}', '{"version": 1, "packed_feeds": "x"}'])
def test_an_invalid_message_is_rejected(text: str) -> None:
    with pytest.raises(InvalidMessage):
        from_message(text)


def test_every_field_is_covered_by_these_tests() -> None:
    """A new field must be sent too: add it to the decoders and to ALL_KEYS, then here."""
    plain = {"proxy", "max_body_bytes", "feeds", "time_zone", "contact", "retention", "allow_private_addresses"}
    plain |= {"images", "timestamp"}
    assert {f.name for f in fields(FeedList)} <= plain
    in_all_keys = {
        "url",
        "id",
        "title",
        "tags",
        "interval",
        "site",
        "html_body",
        "revisions",
        "keep",
        "drop",
        "headers",
        "timeout",
        "fixed_interval",
        "slug_tags",
        "ca",
        "full_text",
        "images",
        "enclosures",
        "largest_enclosure",
        "keep_documents",
    }
    assert {f.name for f in fields(Feed)} <= in_all_keys | {
        "user_agent",
        "ignore_validators",
        "has_references",
    } | NOT_SENT


def _noise(seed: int, length: int = 22) -> str:
    return "".join(random.Random(seed).choices(string.ascii_letters + string.digits, k=length))
