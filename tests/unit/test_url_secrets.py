"""What is a secret in a URL, and how URLs are shown."""

from __future__ import annotations

import pytest

from feedarchive.url_secrets import has_secrets, hide_secrets, is_secret_name, masked_url, public_url, secret_parts


@pytest.mark.parametrize(
    "name",
    "token access_token X-Amz-Security-Token feedToken rsstoken api_key apikey apiKey key userkey authkey auth "
    "password passwd pwd pass secret client_secret signature sig X-Amz-Signature X-Goog-Credential jwt os_password "
    "PHPSESSID jsessionid TOKEN api%5Fkey".split(),
)
def test_names_of_secrets(name: str) -> None:
    assert is_secret_name(name)


@pytest.mark.parametrize(
    "name",
    "id page q format feed channel_id playlist_id author keyword hockey sid s t date lang category tag authors "
    "passage signal secretary monkey session".split(),
)
def test_other_names(name: str) -> None:
    assert not is_secret_name(name)


@pytest.mark.parametrize(
    ("url", "shown"),
    [
        ("https://example.org/feed?a=1&token=abc&b=2", "https://example.org/feed?a=1&token=***&b=2"),
        ("https://example.org/feed?token=abc#top", "https://example.org/feed?token=***#top"),
        ("https://example.org/feed?token=a/b?c==&x=y", "https://example.org/feed?token=***&x=y"),
        ("https://example.org/feed;jsessionid=0A/rss.xml?a=b", "https://example.org/feed;jsessionid=***/rss.xml?a=b"),
        ("https://example.org/feed#access_token=abc", "https://example.org/feed#access_token=***"),
        ("https://alice:pw@example.org/?a=1;key=k2", "https://example.org/?a=1;key=***"),
        ("https://example.org/rss/{env:TOKEN}/feed?u={ssm:%2Fa%2Fb}", "https://example.org/rss/***/feed?u=***"),
        ("https://{env:USER}:{env:WORD}@example.org/", "https://example.org/"),
    ],
)
def test_secrets_are_masked(url: str, shown: str) -> None:
    assert public_url(url) == shown
    assert public_url(shown) == shown
    assert has_secrets(url)


@pytest.mark.parametrize(
    "url",
    [
        "https://example.org/feed?page=2&q=a+b#c",
        "https://example.org/feed?key=1&auth=true&token=&pass",
        "https://www.youtube.com/feeds/videos.xml?channel_id=UCBR8-60-B28hp2BmDPdntcQ",
        "https://example.org/token=abc/feed",
        "",
        "not a URL",
    ],
)
def test_a_url_without_secrets_is_unchanged(url: str) -> None:
    assert public_url(url) == masked_url(url) == url
    assert not has_secrets(url)


@pytest.mark.parametrize(
    ("url", "masked"),
    [
        ("http://me:pw@proxy.example:3128", "http://***@proxy.example:3128"),
        ("http://tokenalone@proxy.example/", "http://***@proxy.example/"),
        ("http://me:{env:WORD}@proxy.example/", "http://me:{env:WORD}@proxy.example/"),
        ("http://{env:USER}:pw@proxy.example/", "http://***@proxy.example/"),
        ("http://{env:TOKEN}@proxy.example/", "http://{env:TOKEN}@proxy.example/"),
        ("https://example.org/?token=abc&key={env:KEY}", "https://example.org/?token=***&key={env:KEY}"),
        ("https://example.org/?token=abc{env:KEY}", "https://example.org/?token=***"),
    ],
)
def test_in_a_copy_references_stay(url: str, masked: str) -> None:
    assert masked_url(url) == masked
    assert masked_url(masked) == masked


@pytest.mark.parametrize(
    ("template", "url", "text", "hidden"),
    [
        ("", "https://example.org/f?token=abc", "see https://example.org/1?token=abc&x=1", "…/1?token=***&x=1"),
        ("", "https://example.org/f?token=a%2Fb", "f?token=a/b and f?token=a%2Fb", "f?token=*** and f?token=***"),
        ("https://example.org/{env:T}/f", "https://example.org/abc/f", "https://example.org/abc/1", "…/***/1"),
        ("https://example.org/{env:T}/f", "https://example.org/a%3Db/f", "https://example.org/a=b/1", "…/***/1"),
        ("https://example.org/f?u={env:T}", "https://example.org/f?u=abc", "?u=abc, abc", "?u=***, abc"),
        ("https://example.org/f", "https://example.org/f?page=abc", "?page=abc", "?page=abc"),
    ],
)
def test_the_secrets_of_a_url_are_hidden_in_texts(template: str, url: str, text: str, hidden: str) -> None:
    assert hide_secrets(text, secret_parts(template, url)).endswith(hidden.lstrip("…"))
