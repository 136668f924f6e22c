"""Two feeds in feeds.toml must not have the same URL or id."""

from __future__ import annotations

import pytest

from feedarchive.feeds.feed import default_id
from tests.unit.feeds.test_invalid_feeds_files import FEED, URL, error_message


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("https://example.org/feed", "https://example.org/feed"),
        ("https://example.org/feed", "http://example.org/feed"),
        ("https://example.org/feed", "https://example.org/feed/"),
    ],
)
def test_two_feeds_with_the_same_url_are_rejected(first: str, second: str) -> None:
    text = f'[[feeds]]\nurl = "https://example.net/"\n[[feeds]]\nurl = "{first}"\n[[feeds]]\nid = "b"\nurl = "{second}"'
    assert error_message(text) == (
        f"feeds.toml: feeds number 2 and 3 ({second}) have the same URL: remove or change one of them"
    )


def test_two_feeds_with_the_same_id_are_rejected() -> None:
    text = f'{FEED}id = "a"\n[[feeds]]\nurl = "https://example.net/"\nid = "a"'
    assert error_message(text) == (
        "feeds.toml: feeds number 1 and 2 (https://example.net/) have the same id 'a': remove or change one of them"
    )


def test_an_id_must_not_be_the_default_id_of_another_feed() -> None:
    text = f'{FEED}[[feeds]]\nurl = "https://example.net/"\nid = "{default_id(URL)}"'
    assert f"number 1 and 2 (https://example.net/) have the same id '{default_id(URL)}'" in error_message(text)
