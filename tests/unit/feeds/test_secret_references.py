"""References to secrets in the URLs of a feeds file."""

from __future__ import annotations

import pytest

from feedarchive.feeds.feeds_file import FeedList, InvalidFeedsFile, parse_feeds_file


def parsed(*urls: str, fetch: str = "") -> FeedList:
    text = f"[fetch]\n{fetch}\n" + "".join(f'[[feeds]]\nurl = "{url}"\n' for url in urls)
    return parse_feeds_file(text, "feeds.toml")


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        ("https://example.org/f?token=env:TOKEN", "https://example.org/f?token={env:TOKEN}"),
        ("https://example.org/f?a=b&u=ssm:/a/b&c=d", "https://example.org/f?a=b&u={ssm:%2Fa%2Fb}&c=d"),
        ("https://me:env:WORD@example.org/f", "https://me:{env:WORD}@example.org/f"),
        ("https://me:ssm:/a/b@example.org/f", "https://me:{ssm:%2Fa%2Fb}@example.org/f"),
        ("https://{ssm:/a/b}@example.org/f", "https://{ssm:%2Fa%2Fb}@example.org/f"),
        ("https://example.org/rss/{env:TOKEN}/f", "https://example.org/rss/{env:TOKEN}/f"),
    ],
)
def test_a_reference_is_recognized(written: str, kept: str) -> None:
    (feed,) = parsed(written).feeds
    assert (feed.url, feed.has_references) == (kept, True)
    assert "TOKEN" not in feed.public_url + feed.id


def test_other_urls_have_no_references() -> None:
    urls = ["https://example.org/env:TOKEN", "https://example.org/?q=environment", "https://example.org/a=env"]
    feeds = parsed(*urls).feeds
    assert [feed.url for feed in feeds] == urls
    assert not any(feed.has_references for feed in feeds)


@pytest.mark.parametrize(
    "end", ["?token=env:", "?token=env:A-B", "?token=ssm:a b", "/{env:}", "/{env:A-B}/", "?a=env:1"]
)
def test_a_mistake_in_a_reference_is_an_error(end: str) -> None:
    with pytest.raises(InvalidFeedsFile, match=r"feed number 1: url: (expected|a reference to a secret)"):
        parsed(f"https://example.org/f{end}")


def test_a_proxy_may_have_references() -> None:
    assert parsed("https://example.org/", fetch='proxy = "http://me:env:WORD@proxy:3128"').proxy == (
        "http://me:{env:WORD}@proxy:3128"
    )


def test_the_default_id_does_not_depend_on_secrets() -> None:
    ids = {
        parsed(f"https://{login}example.org/feed?token={token}").feeds[0].id
        for login in ("", "a:b@", "me:env:WORD@")
        for token in ("abc", "other", "env:TOKEN", "ssm:/feedarchive/token")
    }
    assert len(ids) == 1
    assert ids.pop().startswith("example-org-feed-token-")


def test_feeds_that_differ_in_secrets_only_have_different_ids() -> None:
    first, second, third = parsed(*(f"https://example.org/feed?token={each}" for each in ("one", "two", "env:T"))).feeds
    assert (second.id, third.id) == (f"{first.id}-2", f"{first.id}-3")
