"""The list a new archive starts with: it works as it is, and its comments have an example."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import fields
from pathlib import Path
from urllib.parse import urlsplit

from feedarchive.feeds.feeds_file import parse_feeds_file
from feedarchive.feeds.starter import starter_feeds
from feedarchive.identity.site import site_folder

STARTER = parse_feeds_file(starter_feeds(), "seeds/feeds.toml")
COMMENTS = "\n".join(line for line in starter_feeds().splitlines() if line.startswith("#"))
# Examples are indented by three spaces; without the "#" they are a feeds file of their own.
EXAMPLES = "\n".join(re.findall(r"^#   (.*)$", COMMENTS, re.MULTILINE))


def test_it_is_the_file_in_seeds() -> None:
    assert starter_feeds() == (Path(__file__).parents[3] / "seeds" / "feeds.toml").read_text(encoding="utf-8")


def test_it_holds_about_twenty_feeds_of_many_publishers() -> None:
    assert 15 <= len(STARTER.feeds) <= 30
    hosts = Counter(urlsplit(feed.url).hostname for feed in STARTER.feeds)
    assert len(hosts) >= len(STARTER.feeds) - 2
    assert len({site_folder(feed.site, feed.url, "") for feed in STARTER.feeds}) >= len(STARTER.feeds) - 2


def test_every_feed_is_encrypted_on_the_way() -> None:
    assert [feed.url for feed in STARTER.feeds if not feed.url.startswith("https://")] == []


def test_every_feed_has_a_tag_to_find_it_by() -> None:
    assert [feed.url for feed in STARTER.feeds if not feed.tags] == []


def test_it_decides_nothing_that_is_the_users_to_decide() -> None:
    assert (STARTER.time_zone, STARTER.contact, STARTER.retention) == ("", "", None)
    assert not STARTER.allow_private_addresses
    assert not STARTER.proxy


def test_the_example_in_the_comments_is_a_valid_feeds_file() -> None:
    (feed,) = parse_feeds_file(EXAMPLES, "the comments of seeds/feeds.toml").feeds
    # Each key of the example changes something.
    default = parse_feeds_file(f'[[feeds]]\nurl = "{feed.url}"', "feeds.toml").feeds[0]
    changed = {field.name for field in fields(feed) if getattr(feed, field.name) != getattr(default, field.name)}
    assert changed == {"title", "tags", "interval", "fixed_interval", "drop"}


def test_it_says_when_the_time_zone_is_chosen() -> None:
    assert "Set the time zone before the first run" in COMMENTS
    assert re.search(r"^# time_zone = ", starter_feeds(), re.MULTILINE)
