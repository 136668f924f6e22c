"""A valid feeds.toml: the value of each key."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedarchive.feeds.feed import DEFAULT_LARGEST_ENCLOSURE, Feed, FullText, default_id
from feedarchive.feeds.feeds_file import FeedList, parse_feeds_file

URL = "https://example.org/feed.xml"
FEED = f'[[feeds]]\nurl = "{URL}"\n'


def parsed(text: str) -> FeedList:
    return parse_feeds_file(text, "feeds.toml")


def the_feed(lines: str) -> Feed:
    (feed,) = parsed(FEED + lines).feeds
    return feed


def test_only_the_url_is_required() -> None:
    assert parsed(FEED) == FeedList(feeds=(Feed(URL, default_id(URL)),))
    feed = the_feed("")
    assert (feed.interval, feed.revisions, feed.html_body) == (timedelta(minutes=30), True, False)
    assert (feed.title, feed.tags, feed.site, feed.keep, feed.drop, feed.headers) == ("", (), "", (), (), {})


def test_every_key_of_a_feed() -> None:
    feed = the_feed(
        'id = "example.org_2"\ntitle = " The Example "\ntags = ["news", "local"]\ninterval = "6 h"\n'
        'site = "example.net"\nbody = "html"\nrevisions = false\nheaders = { Authorization = "Bearer abc" }\n'
        'user_agent = " Mine/1 "\nignore_validators = true\n'
        'keep = { title = "moon" }\ndrop = { link = ["/video/", "/audio/"], author = "Bot" }\n'
    )
    assert (feed.url, feed.id, feed.title, feed.tags) == (URL, "example.org_2", "The Example", ("news", "local"))
    assert (feed.interval, feed.site) == (timedelta(hours=6), "example.net")
    assert (feed.html_body, feed.revisions) == (True, False)
    assert feed.headers == {"Authorization": "Bearer abc"}
    assert (feed.user_agent, feed.ignore_validators) == ("Mine/1", True)
    assert [str(rule) for rule in feed.keep] == ["title = 'moon'"]
    assert [str(rule) for rule in feed.drop] == ["link = '/video/'", "link = '/audio/'", "author = 'Bot'"]


def test_every_key_of_the_archive_and_fetch_tables() -> None:
    found = parsed(
        '[archive]\ntime_zone = "Europe/Berlin"\ncontact = "https://example.org/me"\nretention_days = 90\n'
        f'[fetch]\nallow_private_addresses = true\nproxy = "http://al%40ice:b@proxy.example:3128"\n{FEED}'
    )
    assert (found.time_zone, found.contact) == ("Europe/Berlin", "https://example.org/me")
    assert (found.retention, found.allow_private_addresses) == (timedelta(days=90), True)
    assert found.proxy == "http://al%40ice:b@proxy.example:3128"


def test_the_defaults_of_the_archive_and_fetch_tables() -> None:
    found = parsed(FEED)
    assert (found.time_zone, found.contact, found.retention, found.allow_private_addresses) == ("", "", None, False)
    assert found.proxy == ""


@pytest.mark.parametrize("proxy", ["http://proxy:3128", "https://proxy.example", "http://[::1]:8080/", "environment"])
def test_a_proxy_is_a_url_or_the_environment(proxy: str) -> None:
    assert parsed(f'[fetch]\nproxy = "{proxy}"\n{FEED}').proxy == proxy


@pytest.mark.parametrize(
    "value", ["env:TOKEN", "Bearer env:_T0", "ssm:/news/token", "Basic ssm:token", "x env", "a:env:b"]
)
def test_a_header_may_refer_to_a_secret(value: str) -> None:
    assert the_feed(f'headers = {{ X-Key = "{value}" }}').headers == {"X-Key": value}


def test_the_style_of_tags_is_valid_for_all_feeds() -> None:
    found = {
        style: parsed(f"[archive]\n{style}\n{FEED}").feeds[0].slug_tags
        for style in ("", 'tag_style = "as-written"', 'tag_style = "slug"')
    }
    assert list(found.values()) == [False, False, True]


def test_zero_days_of_retention_keep_everything() -> None:
    assert parsed(f"[archive]\nretention_days = 0\n{FEED}").retention is None


def test_feeds_keep_the_order_of_the_file() -> None:
    urls = [f"https://example.org/{name}" for name in ("c", "a", "b")]
    assert [feed.url for feed in parsed("".join(f'[[feeds]]\nurl = "{u}"\n' for u in urls)).feeds] == urls


def test_a_single_tag_may_be_a_string() -> None:
    assert the_feed('tags = "news"').tags == ("news",)


def test_spaces_around_values_are_removed() -> None:
    (feed,) = parsed('[[feeds]]\nurl = "  https://example.org/feed.xml "\nheaders = { X-Key = " k " }').feeds
    assert feed.url == URL
    # With the space, ``requests`` would raise an error whose message contains the secret value.
    assert feed.headers == {"X-Key": "k"}


@pytest.mark.parametrize(
    ("text", "length"),
    [
        ("1 min", timedelta(minutes=1)),
        ("45min", timedelta(minutes=45)),
        ("2 m", timedelta(minutes=2)),
        ("90 minutes", timedelta(minutes=90)),
        ("1 minute", timedelta(minutes=1)),
        ("6 h", timedelta(hours=6)),
        ("1 hour", timedelta(hours=1)),
        ("12 hours", timedelta(hours=12)),
        ("1 d", timedelta(days=1)),
        ("1 day", timedelta(days=1)),
        ("30 days", timedelta(days=30)),
        (" 720 h ", timedelta(days=30)),
    ],
)
def test_an_interval_is_a_number_and_a_unit(text: str, length: timedelta) -> None:
    assert the_feed(f'interval = "{text}"').interval == length


@pytest.mark.parametrize("zone", ["UTC", "Europe/Berlin", "America/Argentina/Ushuaia", "Asia/Kathmandu", "Etc/GMT+5"])
def test_a_time_zone_is_an_iana_name(zone: str) -> None:
    assert parsed(f'[archive]\ntime_zone = "{zone}"\n{FEED}').time_zone == zone


@pytest.mark.parametrize(("text", "seconds"), [("60 s", 60), ("1s", 1), ("120 seconds", 120), ("45 sec", 45)])
def test_a_timeout_is_a_number_of_seconds(text: str, seconds: int) -> None:
    assert the_feed(f'timeout = "{text}"').timeout == timedelta(seconds=seconds)


def test_an_interval_is_the_users_even_if_it_is_the_default_one() -> None:
    assert the_feed("").own_interval is None
    assert the_feed('interval = "30 min"').own_interval == timedelta(minutes=30)


def test_nothing_but_the_feed_is_fetched_by_default() -> None:
    feed = the_feed("")
    assert (feed.full_text, feed.images, feed.enclosures, feed.keep_documents) == (FullText.OFF, False, False, False)
    assert feed.largest_enclosure == DEFAULT_LARGEST_ENCLOSURE


@pytest.mark.parametrize(
    ("value", "expected"), [("true", FullText.ALWAYS), ("false", FullText.OFF), ('"short"', FullText.SHORT)]
)
def test_full_text_is_on_off_or_for_short_entries(value: str, expected: FullText) -> None:
    assert the_feed(f"full_text = {value}").full_text == expected


@pytest.mark.parametrize(("value", "size"), [("100 MB", 10**8), ("500kB", 500_000), ("5 GB", 5 * 10**9), ("7 B", 7)])
def test_the_largest_enclosure_is_a_size(value: str, size: int) -> None:
    assert the_feed(f'largest_enclosure = "{value}"').largest_enclosure == size


def test_a_feed_overrules_the_defaults() -> None:
    defaults = '[defaults]\nfull_text = true\nimages = true\nlargest_enclosure = "1 MB"\nkeep_documents = true\n'
    other = '[[feeds]]\nurl = "https://example.net/feed"\nfull_text = false\nimages = false\nenclosures = true\n'
    first, second = parsed(defaults + FEED + other).feeds
    assert (first.full_text, first.images, first.enclosures, first.keep_documents) == (
        FullText.ALWAYS,
        True,
        False,
        True,
    )
    assert (second.full_text, second.images, second.enclosures) == (FullText.OFF, False, True)
    assert (first.largest_enclosure, second.largest_enclosure) == (10**6, 10**6)
