"""What a robots.txt allows, and its Crawl-delay."""

from __future__ import annotations

from datetime import timedelta

import pytest

from feedarchive.fetching.robots_txt import MAX_BYTES, MAX_CRAWL_DELAY, RobotsTxt, robots_url
from tests.harness.linear_time import assert_linear_time

SITE = "https://example.org"


@pytest.mark.parametrize(
    ("text", "path", "allowed"),
    [
        ("", "/a", True),
        ("User-agent: *\nDisallow: /", "/a", False),
        ("User-agent: *\nDisallow:", "/a", True),
        ("User-agent: Feedarchive\nDisallow: /a", "/a/b", False),
        ("User-agent: feedarchive\nDisallow: /a", "/b", True),
        ("User-agent: *\nDisallow: /\n\nUser-agent: Feedarchive\nAllow: /", "/a", True),
        ("User-agent: OtherBot\nDisallow: /", "/a", True),
        ("User-agent: OtherBot\nUser-agent: Feedarchive\nDisallow: /a", "/a", False),
        ("User-agent: *\nDisallow: /a\nAllow: /a/b", "/a/b", True),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf", False),
        ("User-agent: *\nDisallow: /*.pdf$", "/x.pdf?y=1", True),
        ("User-agent: *\nDisallow: /*?print=", "/x?print=1", False),
        ("<!DOCTYPE html><html><body>Disallow: /</body></html>", "/a", True),
        ("\x00\x01 : : :\nUser-agent\nDisallow /a", "/a", True),
    ],
)
def test_what_is_allowed(text: str, path: str, allowed: bool) -> None:
    assert RobotsTxt(text).allows(SITE + path) is allowed


def test_a_file_may_start_with_a_byte_order_mark_and_contain_anything() -> None:
    assert not RobotsTxt.from_bytes(b"\xef\xbb\xbfUser-agent: *\nDisallow: /a").allows(f"{SITE}/a")
    assert not RobotsTxt.from_bytes(b"# \xff\xfe\nUser-agent: *\nDisallow: /a").allows(f"{SITE}/a")


def test_only_the_start_of_a_long_file_counts() -> None:
    rules = b"User-agent: *\nDisallow: /a\n"
    file = RobotsTxt.from_bytes(rules + b"# nothing\n" * (MAX_BYTES // 10) + b"Disallow: /b\n")
    assert not file.allows(f"{SITE}/a")
    assert file.allows(f"{SITE}/b")


@pytest.mark.parametrize(
    ("value", "seconds"), [("10", 10), ("2.5", 2.5), ("0", 0), ("-3", 0), ("soon", 0), ("nan", 0), ("inf", 0)]
)
def test_the_crawl_delay(value: str, seconds: float) -> None:
    assert RobotsTxt(f"User-agent: *\nCrawl-delay: {value}").crawl_delay == timedelta(seconds=seconds)


@pytest.mark.parametrize("value", ["86400", "1e300"])
def test_a_very_long_crawl_delay_is_shortened(value: str) -> None:
    assert RobotsTxt(f"User-agent: *\nCrawl-delay: {value}").crawl_delay == MAX_CRAWL_DELAY


def test_the_crawl_delay_for_another_program_does_not_count() -> None:
    text = "User-agent: OtherBot\nCrawl-delay: 60\n\nUser-agent: *\nDisallow: /a"
    assert RobotsTxt(text).crawl_delay == timedelta()


def test_the_url_of_the_file_is_that_of_the_origin() -> None:
    assert robots_url("https://example.org:8443/a/b?c=1#d") == "https://example.org:8443/robots.txt"


def test_wildcards_take_linear_time() -> None:
    def file_and_url(size: int) -> tuple[RobotsTxt, str]:
        return RobotsTxt("User-agent: *\nDisallow: /" + "*a" * size + "b\n"), f"{SITE}/" + "a" * size

    assert_linear_time(lambda made: made[0].allows(made[1]), file_and_url, 200)
