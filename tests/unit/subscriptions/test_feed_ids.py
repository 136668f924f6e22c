"""Ids that a person can read: short, from the title or the host, never twice."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from feedarchive.subscriptions.feed_ids import readable_id


@pytest.mark.parametrize(
    ("url", "title", "expected"),
    [
        ("https://www.aljazeera.com/xml/rss/all.xml", "Al Jazeera – Breaking News, World News and Video", "aljazeera"),
        ("https://www.quantamagazine.org/feed/", "Quanta Magazine", "quantamagazine"),
        ("https://rss.nytimes.com/services/xml/rss/nyt/World.xml", "NYT > World News", "nyt-world-news"),
        ("https://feeds.bbci.co.uk/news/world/rss.xml", "BBC News", "bbc-news"),
        ("https://news.ycombinator.com/rss", "Hacker News", "hacker-news"),
        ("https://xkcd.com/atom.xml", "xkcd.com", "xkcd"),
        ("https://ada.substack.com/feed", "Some Thoughts", "some-thoughts"),
        ("https://ada.substack.com/feed", "", "ada"),
        ("https://news.bbc.co.uk/rss", "", "bbc"),
        ("https://example.org/feed", "日本語のブログ", "ribenyunoburogu"),
        ("https://example.org/feed", "!?", "example"),
        ("https://example.org/feed", "An extremely long title that says little", "an-extremely-long-title-that"),
        ("http://127.0.0.1:8000/feed", "", "127-0-0-1"),
        ("http://[::1]/feed", "", "1"),
    ],
)  # fmt: skip
def test_from_the_title_or_the_host(url: str, title: str, expected: str) -> None:
    assert readable_id(url, title, []) == expected


def test_a_taken_id_is_not_taken_twice() -> None:
    url, title = "https://www.aljazeera.com/all.xml", "Al Jazeera – World"
    taken = ["AlJazeera"]
    assert readable_id(url, title, taken) == "al-jazeera-world"
    assert readable_id(url, title, [*taken, "al-jazeera-world"]) == "al-jazeera-world-2"
    assert readable_id("https://example.org/", "", ["example", "example-2"]) == "example-3"


@given(st.text(max_size=80), st.lists(st.text("abc", max_size=3), max_size=5))
def test_every_id_is_one_that_a_feeds_file_accepts(title: str, taken: list[str]) -> None:
    for url in ("https://bücher.example/", "http://a/", "https://example.org/feed"):
        found = readable_id(url, title, taken)
        assert re.fullmatch(r"[A-Za-z0-9][A-Za-z0-9._-]{0,99}", found)
        assert found not in taken
