"""What messages about an invalid feeds.toml show: one line, values cut off, and no secret."""

from __future__ import annotations

import pytest

from tests.unit.feeds.test_invalid_feeds_files import FEED, error_message

SECRETS = [
    "headers = { A = hunter2 }",
    "headers = { hunter2 = hunter2",
    "url = https://me:hunter2@example.org/",
    'url = "https://me:hunter2',
    "token = hunter2",
    '[feeds.headers]\nCookie = "session=hunter2',
    "[feeds.headers]\nCookie = hunter2",
    '[feeds.headers]\nA = "hunter2" x',
    '[feeds.headers]\nA = """\nhunter2 = hunter2',
    '# \u2028\nX = "hunter2"\nx y',
    'proxy = ["http://me:hunter2@e.org"]',
    'id = "https://me:hunter2@example.org/f"',
    'user_agent = { A = "hunter2" }',
    'tags = { A = "hunter2" }',
    'contact = "https://me:hunter2@é.org"',
]


@pytest.mark.parametrize("lines", SECRETS)
def test_no_secret_is_shown(lines: str) -> None:
    for start in ("[[feeds]]\n", f"{FEED}", "[fetch]\n", "[archive]\n"):
        assert "hunter2" not in error_message(start + lines + "\n").replace("unknown key 'hunter2'", "")


def test_a_message_is_one_line() -> None:
    for key in ("id", "site", "interval", "body", "tags"):
        assert "\n" not in error_message(f'{FEED}{key} = ["a\\nb", 1]')
    assert "\n" not in error_message(f'{FEED}"a\\nb" = 1')
    assert "\n" not in error_message(f'{FEED}headers = {{ "a\\nb" = "" }}')


def test_a_long_value_is_shown_truncated() -> None:
    assert len(error_message(f'{FEED}id = "{"ä" * 5000}"')) < 300
    assert len(error_message(f'{FEED}body = "{"ä" * 5000}"')) < 300
    assert len(error_message(f'{FEED}keep = {{ title = "({"ä" * 5000}" }}')) < 300
