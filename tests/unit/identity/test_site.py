"""The site of a URL, whether it is the feed's own site, and the name of its folder."""

from __future__ import annotations

import hashlib
from importlib.resources import files

import pytest

from feedarchive.identity.site import is_own_site, site_folder, site_of, site_of_host


@pytest.mark.parametrize(
    ("url", "site"),
    [
        ("https://www.bbc.co.uk/news", "bbc.co.uk"),
        ("https://feeds.bbci.co.uk/news/rss.xml", "bbci.co.uk"),
        ("https://news.example.com/", "example.com"),
        ("https://someone.github.io/feed", "someone.github.io"),
        ("https://someone.blogspot.com/", "someone.blogspot.com"),
        ("https://someone.wordpress.com/feed", "someone.wordpress.com"),
        ("https://www.someone.tumblr.com/rss", "someone.tumblr.com"),
        ("https://someone.substack.com/feed", "someone.substack.com"),
        ("https://medium.com/feed/@someone", "medium.com"),
        ("https://someone.bearblog.dev/atom", "someone.bearblog.dev"),
        ("https://bücher.example/", "xn--bcher-kva.example"),
        ("http://localhost:4000/", ""),
        ("http://127.0.0.1/", ""),
        ("http://[::1]/", ""),
        ("https://com/", ""),
        ("not a URL", ""),
    ],
)
def test_the_site_is_the_registrable_domain(url: str, site: str) -> None:
    assert site_of(url) == site


@pytest.mark.parametrize(
    ("host", "site"),
    [
        ("a." * 3000 + "example.co.uk", "example.co.uk"),
        ("a." * 3000 + "me.wordpress.com", "me.wordpress.com"),
        ("a." * 3000 + ".example.org", ""),
        ("a.." + "a." * 3000 + "example.org", ""),
        ("wordpress.com", "wordpress.com"),
    ],
)
def test_the_last_labels_of_a_host_decide_its_site(host: str, site: str) -> None:
    assert site_of_host(host) == site


@pytest.mark.parametrize(
    ("link", "feed", "home", "own"),
    [
        ("https://example.org/a", "https://example.org/feed", "", True),
        ("https://www.example.org/a", "https://feeds.feedburner.com/example", "https://example.org/", True),
        ("https://www.bbc.com/news/1", "https://feeds.bbci.co.uk/rss", "https://www.bbc.co.uk/news", True),
        ("https://elsewhere.example/a", "https://kottke.example/feed", "https://kottke.example/", False),
        ("https://one.wordpress.com/a", "https://two.wordpress.com/feed", "https://two.wordpress.com/", False),
        ("https://foo.com/a", "https://foo.github.io/feed", "https://foo.github.io/", False),
        ("http://localhost/a", "http://localhost/feed", "http://localhost/", False),
        ("http://127.0.0.1/a", "http://127.0.0.1/feed", "", False),
    ],
)
def test_a_link_is_on_the_own_site_by_home_page_feed_or_name(link: str, feed: str, home: str, own: bool) -> None:
    assert is_own_site(link, feed, home) is own


@pytest.mark.parametrize(
    ("override", "feed", "home", "folder"),
    [
        ("", "https://feeds.feedburner.com/x", "https://www.example.org/", "example.org"),
        ("", "https://www.example.org/feed", "", "example.org"),
        ("mine", "https://www.example.org/feed", "https://example.org/", "mine"),
        ("", "http://127.0.0.1:8000/feed", "http://localhost/", "127.0.0.1"),
        ("", "http://[::1]:8000/feed", "", "1"),
        ("", "http://localhost/feed", "https://../..", "localhost"),
        ("", "http://my_host/feed", "", "my-host"),
        ("", "https://con.com/feed", "", "www.con.com"),  # Windows has no folder con.com
        ("", "https://feeds.example.net/x", "https://www.prn.fm/", "www.prn.fm"),
        ("COM1", "https://example.org/feed", "", "www.com1"),
        ("", "https://console.com/feed", "", "console.com"),
    ],
)
def test_the_folder_is_one_safe_name(override: str, feed: str, home: str, folder: str) -> None:
    assert site_folder(override, feed, home) == folder


def test_the_suffix_list_of_identity_version_1_is_frozen() -> None:
    """With another list some links would get other ids, so a newer one needs identity version 2."""
    data = files("feedarchive.identity").joinpath("public_suffix_list_v1.dat").read_bytes()
    assert hashlib.sha256(data).hexdigest() == "0232f4df0831911356e8ee1f4d5c3b6b12c0ed3f6bd66b0f81c8ab5d3d49e9ca"
