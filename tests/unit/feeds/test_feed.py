"""Default ids of feeds, and the rules that keep or drop entries."""

from __future__ import annotations

import re

import pytest

from feedarchive.feeds.feed import Feed, default_id
from feedarchive.feeds.feeds_file import parse_feeds_file

FIELDS = {
    "title": "The Moon, tonight",
    "link": "https://example.org/science/moon",
    "author": "Ada, Grace",
    "tags": "science\nspace travel",
    "text": "It rises at nine.",
}


@pytest.mark.parametrize(
    ("url", "feed_id"),
    [
        ("https://example.org/feed.xml", "example-org-feed-xml-d74f9ca5"),
        ("https://www.theguardian.com/world/rss", "theguardian-com-world-rss-d64709a6"),
        ("http://127.0.0.1:8000/?a=1&b=%20", "127-0-0-1-8000-a-1-b-20-f79cc821"),
        ("https://пример.example/лента", "example-2c598aef"),
        ("https://例え.テスト/", "feed-2506b369"),
    ],
)
def test_default_ids_never_change(url: str, feed_id: str) -> None:
    # Default ids are part of the identity of articles. If this test fails, fix the program, not the test.
    assert default_id(url) == feed_id


def test_default_ids_of_similar_urls_differ() -> None:
    urls = [
        "https://example.org/feed",
        "http://example.org/feed",
        "https://example.org/feed/",
        "https://www.example.org/feed",
        "https://example.org/feed?",
        "https://example.org/Feed",
        "https://example.org/fe-ed",
        f"https://example.org/{'x' * 200}/1",
        f"https://example.org/{'x' * 200}/2",
    ]
    assert len({default_id(url) for url in urls}) == len(urls)


def test_a_default_id_is_a_valid_id() -> None:
    for url in ("https://例え.テスト/", f"https://{'a' * 60}.example/{'x' * 300}", "https://example.org/__"):
        text = f'[[feeds]]\nurl = "https://example.org/moved"\nid = "{default_id(url)}"'
        assert parse_feeds_file(text, "feeds.toml").feeds[0].id == default_id(url)


def test_a_default_id_does_not_depend_on_credentials() -> None:
    with_password = default_id("https://alice:first@example.org/feed")
    assert with_password == default_id("https://alice:second@example.org/feed")
    assert with_password == default_id("https://example.org/feed")


def feed(rules: str) -> Feed:
    return parse_feeds_file(f'[[feeds]]\nurl = "https://example.org/"\n{rules}', "feeds.toml").feeds[0]


@pytest.mark.parametrize(
    ("rules", "reason"),
    [
        ("", ""),
        ('drop = { title = "Sun" }', ""),
        ('drop = { title = "Moon" }', "drop: title = 'Moon'"),
        ('drop = { title = "moon" }', ""),
        ('drop = { title = "(?i)moon" }', "drop: title = '(?i)moon'"),
        ('drop = { title = "^Moon" }', ""),
        ('drop = { link = "/science/" }', "drop: link = '/science/'"),
        ('drop = { author = "Grace" }', "drop: author = 'Grace'"),
        ('drop = { tags = "(?m)^space" }', "drop: tags = '(?m)^space'"),
        ('drop = { tags = "science travel" }', ""),
        ('drop = { text = "nine\\\\." }', "drop: text = 'nine\\\\.'"),
        ('drop = { title = ["Sun", "Moon"] }', "drop: title = 'Moon'"),
        ('drop = { title = "Sun", text = "nine" }', "drop: text = 'nine'"),
        ('keep = { title = "Moon" }', ""),
        ('keep = { title = "Sun" }', "no keep rule matches"),
        ('keep = { title = "Sun", tags = "science" }', ""),
        ('keep = { title = ["Sun", "tonight"] }', ""),
        ('keep = { title = "Moon" }\ndrop = { text = "nine" }', "drop: text = 'nine'"),
        ('keep = { title = "Sun" }\ndrop = { text = "ten" }', "no keep rule matches"),
        ("keep = {}", ""),
    ],
)
def test_an_entry_is_kept_if_no_drop_rule_and_one_keep_rule_matches(rules: str, reason: str) -> None:
    assert feed(rules).reason_to_drop(FIELDS) == reason


def test_rules_search_the_whole_field() -> None:
    long = {**FIELDS, "text": "word " * 100_000 + "needle"}
    assert feed('drop = { text = "needle$" }').reason_to_drop(long) == "drop: text = 'needle$'"


def test_a_rule_as_text() -> None:
    (rule,) = feed("keep = { title = '\\bMoon\\b' }").keep
    assert rule.pattern == re.compile(r"\bMoon\b")
    assert str(rule) == r"title = '\\bMoon\\b'"
