"""A feed's URL may contain a password: no message shows it."""

from __future__ import annotations

import pytest

from feedarchive.feeds.feeds_file import InvalidFeedsFile, parse_feeds_file
from feedarchive.urls import without_credentials

PASSWORDS = [
    "https://alice:PASSWORD@example.org/feed",
    "https://alice:PASS%40WORD@example.org/feed",
    "https://alice:PASS/WORD@example.org/feed",
    "https://alice:PASS#WORD@example.org/feed",
    "https://alice:PASS?WORD@example.org/feed",
    "https://alice:PASS@WORD@example.org/feed",
    "https://alice:PASS WORD@example.org/feed",
    "https://alice:PASS[WORD@example.org/feed",
    "https:/alice:PASSWORD@example.org/feed",
    "https//alice:PASSWORD@example.org/feed",
    "alice:PASSWORD@example.org/feed",
    "ftp://alice:PASSWORD@example.org/feed",
]


@pytest.mark.parametrize("url", PASSWORDS)
@pytest.mark.parametrize(
    "lines",
    [
        'url = "{}"\nbody = "pdf"',
        'url = "{}"\nadress = 1',
        'url = "{}"\nkeep = 1',
        'url = "{}"\n[[feeds]]\nurl = "{}"',
        'url = ["{}"]',
        'url = "{}"\nid = "a"\n[[feeds]]\nid = "a"\nurl = "https://bob:PASSWORD@example.net/feed"',
    ],
)
def test_no_password_of_a_url_is_in_a_message(url: str, lines: str) -> None:
    with pytest.raises(InvalidFeedsFile) as raised:
        parse_feeds_file("[[feeds]]\n" + lines.replace("{}", url), "feeds.toml")
    assert "PASS" not in str(raised.value)
    assert "WORD" not in str(raised.value)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://alice:secret@example.org/a?b=c#d", "https://example.org/a?b=c#d"),
        ("https://secret@example.org:8443", "https://example.org:8443"),
        ("https://alice:sec@ret@example.org/", "https://example.org/"),
        ("https://alice:sec[ret@example.org/", "https://example.org/"),
        ("https://alice:sec\nret@example.org/", "https://example.org/"),
        ("ftp://alice:secret@example.org/", "ftp://example.org/"),
        ("//alice:secret@example.org/", "//example.org/"),
        ("https://example.org/@alice?to=b@c#d@e", "https://example.org/@alice?to=b@c#d@e"),
        ("HTTPS://Example.org:443/?", "HTTPS://Example.org:443/?"),
    ],
)
def test_a_url_is_shown_without_credentials_and_otherwise_unchanged(url: str, shown: str) -> None:
    assert without_credentials(url) == shown
