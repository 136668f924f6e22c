"""Names that do not identify an entry: the URLs of the home page and of the feed, as GUID or as link."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedarchive.document.model import Entry
from feedarchive.identity.article_id import FeedSite, Identity, identify
from feedarchive.identity.site import site_folder

HOME, FEED = "https://example.org/news/", "https://example.org/feed.xml"
SITE = FeedSite("feed", FEED, HOME)
WORDS = {"One": "Some words.", "Two": "Other words."}


def _identities(*entries: tuple[str, Entry]) -> list[Identity]:
    texts = {id(entry): WORDS[title] for title, entry in entries}
    return identify(
        [entry for _, entry in entries], [title for title, _ in entries], SITE, lambda entry: texts[id(entry)]
    )


@pytest.mark.parametrize("url", [HOME, FEED, "http://www.example.org/news?utm_source=rss"])
def test_the_guid_of_an_entry_is_not_the_home_page_or_the_feed(url: str) -> None:
    (found,) = _identities(("One", Entry(guid=url, link="https://example.org/a")))
    assert (found.guid, found.guid_id) == ("", "")
    (by_guid_alone,) = _identities(("One", Entry(guid=url)))
    (by_words,) = _identities(("One", Entry()))
    assert by_guid_alone.id == by_words.id


@pytest.mark.parametrize("url", [HOME, FEED, "http://www.example.org/news?utm_source=rss"])
def test_the_link_of_an_entry_is_not_the_home_page_or_the_feed(url: str) -> None:
    """Two entries with such a link, in two polls, are two articles."""
    (one,), (two,) = _identities(("One", Entry(link=url))), _identities(("Two", Entry(link=url)))
    assert one.id != two.id
    (by_words,) = _identities(("One", Entry()))
    assert one.id == by_words.id


def test_a_link_that_entries_without_guid_share_counts_only_with_the_title_it_was_claimed_under() -> None:
    link = "https://example.org/live"
    (alone,) = _identities(("One", Entry(link=link)))
    shared = _identities(("One", Entry(link=link)), ("Two", Entry(link=link)))
    assert [identity.distrusted for identity in shared] == [(alone.id,), (alone.id,)]
    assert len({alone.id, *(identity.id for identity in shared)}) == 3


def test_entries_of_different_dates_without_names_are_different() -> None:
    entry = Entry(published="2025-12-25T10:00:00Z")
    (one,), (other,) = _identities(("One", entry)), _identities(("One", replace(entry, published="")))
    assert one.id != other.id


@pytest.mark.parametrize("override", ["a..b", "..", "a/b", "-", ""])
def test_a_site_that_is_not_a_folder_name_is_not_used(override: str) -> None:
    assert site_folder(override, FEED, HOME) == "example.org"
