"""The copy of feeds.toml without secrets."""

from __future__ import annotations

import tomllib

from feedarchive.feeds.feeds_file import parse_feeds_file
from feedarchive.feeds.masked_copy import masked_copy

FILE = r"""
# a comment: swordfish
[archive]
time_zone = "UTC"
retention_days = 30
[fetch]
allow_private_addresses = true
proxy = "http://me:swordfish@proxy.example:3128"
[[feeds]]
url = "https://example.org/a?token=swordfish"
title = "A \"quoted\" title \\ 🐎"
tags = ["one", "two"]
keep = { title = ["(?i)x\\d", 'a"b'], text = "y" }
[[feeds]]
url = "https://example.org/a?token=swordfish2"
[[feeds]]
url = "https://example.org/a?token=env:TOKEN"
[[feeds]]
url = "https://alice:swordfish@example.org/b"
id = "b"
headers = { X-Key = "swordfish", "Other" = "Bearer env:TOKEN" }
revisions = false
[[feeds]]
url = "https://bob:env:WORD@example.org/c?token=ssm:/a/b"
"""


def test_a_file_without_secrets_is_copied_byte_for_byte() -> None:
    text = '# a comment\n[[feeds]]\nurl = "https://bob:env:WORD@example.org/c?token=ssm:/a/b"  # another\n'
    assert masked_copy(text, parse_feeds_file(text, "")) == text


def test_secrets_are_masked_and_all_else_is_the_same() -> None:
    before = parse_feeds_file(FILE, "")
    copy = masked_copy(FILE, before)
    assert "swordfish" not in copy
    after = parse_feeds_file(copy, "")
    assert [feed.id for feed in after.feeds] == [feed.id for feed in before.feeds]
    assert [feed.public_url for feed in after.feeds[:2]] == [feed.public_url for feed in before.feeds[:2]]
    assert [feed.is_incomplete for feed in after.feeds] == [True, True, False, True, False]
    assert after.proxy == "http://***@proxy.example:3128"
    assert after.feeds[3].headers == {"X-Key": "***", "Other": "Bearer env:TOKEN"}
    assert after.feeds[4] == before.feeds[4]
    written, wanted = tomllib.loads(copy), tomllib.loads(FILE)
    for table, other in zip(written["feeds"], wanted["feeds"], strict=True):
        assert {key: table[key] for key in other if key not in ("url", "headers")} == {
            key: value for key, value in other.items() if key not in ("url", "headers")
        }
    assert written["archive"] == wanted["archive"]


def test_a_copy_of_the_copy_is_the_same() -> None:
    copy = masked_copy(FILE, parse_feeds_file(FILE, ""))
    assert masked_copy(copy, parse_feeds_file(copy, "")) == copy
