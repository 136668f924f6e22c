"""URLs as people write them, and their spellings."""

from __future__ import annotations

import pytest

from feedarchive.subscriptions.feed_urls import InvalidUrl, feed_url, spelling_key, urls_to_try


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ("https://example.org/feed", ("https://example.org/feed",)),
        (" <HTTP://example.org> ", ("HTTP://example.org",)),
        ("example.org", ("https://example.org", "http://example.org")),
        ("example.org:8080/x?y", ("https://example.org:8080/x?y", "http://example.org:8080/x?y")),
        ("localhost:8000", ("https://localhost:8000", "http://localhost:8000")),
        ("feed://example.org/rss", ("https://example.org/rss", "http://example.org/rss")),
        ("feed:https://example.org/rss", ("https://example.org/rss",)),
        ("itpc://example.org/rss", ("https://example.org/rss", "http://example.org/rss")),
        ("feed/http://example.org/rss", ("http://example.org/rss",)),
        ("bücher.example", ("https://bücher.example", "http://bücher.example")),
        ("192.168.1.5/rss", ("https://192.168.1.5/rss", "http://192.168.1.5/rss")),
    ],
)
def test_what_a_person_may_mean(written: str, expected: tuple[str, ...]) -> None:
    assert urls_to_try(written) == expected


@pytest.mark.parametrize(
    "written",
    ["", "hello", "hello world", "ftp://example.org/", "file:///etc/passwd", "javascript:alert(1)",
     "mailto:a@b.example", "http://", "https://exa mple.org", "http://[::1", "a\\b.example", "query:x = 1",
     "newsletter:123:ada@example.org", "ada@example.org", "|/bin/sh"],
)  # fmt: skip
def test_what_is_no_url_is_refused_in_one_line(written: str) -> None:
    with pytest.raises(InvalidUrl) as refused:
        urls_to_try(written)
    assert "\n" not in str(refused.value)


def test_a_password_is_not_shown() -> None:
    with pytest.raises(InvalidUrl) as refused:
        urls_to_try("https://ada:secret@exa mple.org")
    assert "secret" not in str(refused.value)


def test_the_url_in_another_programs_list_gets_a_scheme() -> None:
    assert feed_url("feed://example.org/rss") == "http://example.org/rss"
    assert feed_url("example.org/rss") == "https://example.org/rss"
    assert feed_url("http://example.org/rss") == "http://example.org/rss"


def test_spellings_of_one_feed() -> None:
    spellings = [
        "https://example.org/feed", "http://www.example.org:80/feed/", "HTTPS://EXAMPLE.org/%66eed#top",
        "https://example.org/feed?utm_source=mail", "https://ada:secret@example.org/feed",
    ]  # fmt: skip
    assert len({spelling_key(url) for url in spellings}) == 1
    assert spelling_key("https://example.org/feed?a=1") != spelling_key("https://example.org/feed?a=2")
