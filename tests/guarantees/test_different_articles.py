"""Which entries are two articles although their GUID, link or title is the same."""

from __future__ import annotations

from dataclasses import replace

from feedarchive.store.folder import FolderStore
from tests.guarantees.test_same_article import LONG, OTHER, SITE, archived
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver, titles
from tests.harness.feed_documents import Item


def test_fragments_that_name_parts_of_a_page(archiver: FeedArchiver) -> None:
    archiver.poll(*(Item(f"Chapter {n}", link=f"{SITE}/book#{name}") for n, name in enumerate(("one", "two", "three"))))
    assert archived(archiver) == 3


def test_a_page_and_items_of_link_blogs_about_it(archiver: FeedArchiver) -> None:
    page = "https://example.org/a"
    archiver.poll(
        Item("Read this", link=page, guid="n1"), url="https://links.example/feed", home="https://links.example/"
    )
    archiver.poll(
        Item("Read that", link=page, guid="n2"), url="https://other.example/feed", home="https://other.example/"
    )
    archiver.poll(Item("The page itself", link=page, guid="77"))
    assert archived(archiver) == 3


def test_two_items_of_a_link_blog_about_one_page(archiver: FeedArchiver) -> None:
    archiver.poll(Item("Read this", link="https://elsewhere.example/x", guid="1"))
    archiver.poll(Item("It was updated", link="https://elsewhere.example/x", guid="2"))
    assert archived(archiver) == 2


def test_two_blogs_on_one_shared_host(archiver: FeedArchiver) -> None:
    for blog in ("one", "two"):
        home = f"https://{blog}.wordpress.com/"
        archiver.poll(Item(link="https://three.wordpress.com/a", guid="5"), url=f"{home}feed", home=home)
    assert archived(archiver) == 2


def test_one_guid_for_all_entries(archiver: FeedArchiver) -> None:
    archiver.poll(
        *(Item(f"Verse {n}", link=f"https://elsewhere.example/{n}", guid="daily", text=f"{LONG} {n}") for n in range(5))
    )
    assert archived(archiver) == 5


def test_one_guid_and_one_link_for_all_entries(archiver: FeedArchiver) -> None:
    items = [
        Item(f"Verse {n}", link="https://example.org/", guid="https://example.org/", text=f"{n} {LONG}")
        for n in range(5)
    ]
    archiver.poll(*items)
    archiver.poll(*items)
    assert archived(archiver) == 5


def test_a_repeated_guid_and_a_new_entry_on_top(archiver: FeedArchiver) -> None:
    old = Item("Old", link="https://elsewhere.example/old", guid="1", text=LONG)
    archiver.poll(old)
    archiver.poll(Item("New", link="https://elsewhere.example/new", guid="1", text=OTHER), old)
    assert sorted(titles(archiver.store)) == ["New", "Old"]


def test_a_repeated_link_without_guids(archiver: FeedArchiver) -> None:
    items = [Item(name, link=f"{SITE}/news", text=text) for name, text in (("One", LONG), ("Two", OTHER))]
    archiver.poll(*items)
    archiver.poll(*reversed(items))
    assert archived(archiver) == 2


def test_a_repeated_link_and_title_with_guids_that_differ(archiver: FeedArchiver) -> None:
    """Only the GUIDs differ. When in doubt, keep both."""
    archiver.poll(
        Item("Daily update", link=f"{SITE}/live", guid="1", text=LONG),
        Item("Daily update", link=f"{SITE}/live", guid="2", text=OTHER),
    )
    assert archived(archiver) == 2


def test_empty_guids(archiver: FeedArchiver) -> None:
    archiver.poll(Item("One", link=f"{SITE}/1", guid=""), Item("Two", link=f"{SITE}/2", guid="  "))
    assert archived(archiver) == 2


def test_the_same_title_for_different_articles(archiver: FeedArchiver) -> None:
    archiver.poll(*(Item("Comic", link=f"{SITE}/comic/{n}", guid=str(n)) for n in range(4)))
    assert archived(archiver) == 4


def test_a_reused_url(archiver: FeedArchiver) -> None:
    archiver.poll(Item("Morning news", link=f"{SITE}/live", guid="monday-1", text=LONG))
    archiver.poll(Item("Evening news", link=f"{SITE}/live", guid="monday-2", text=OTHER))
    archiver.poll(Item("Evening news", link=f"{SITE}/live", guid="monday-2", text=OTHER))
    archiver.poll(Item("Morning news", link=f"{SITE}/live", guid="monday-1", text=LONG))
    assert sorted(titles(archiver.store)) == ["Evening news", "Morning news"]


def test_the_second_article_at_a_reused_url_with_another_title(archiver: FeedArchiver) -> None:
    archiver.poll(Item("Morning news", link=f"{SITE}/live", guid="monday-1", text=LONG))
    archiver.poll(Item("Evening news", link=f"{SITE}/live", guid="monday-2", text=OTHER))
    archiver.poll(Item("Evening news, with flour", link=f"{SITE}/live", guid="monday-2", text=OTHER))
    assert archived(archiver) == 2


def test_a_guid_that_is_given_to_a_different_page(archiver: FeedArchiver) -> None:
    archiver.poll(Item("Bridge rebuilt", link=f"{SITE}/bridge", guid="front-page", text=LONG))
    archiver.poll(Item("Flour dear", link=f"{SITE}/flour", guid="front-page", text=OTHER))
    assert sorted(titles(archiver.store)) == ["Bridge rebuilt", "Flour dear"]


def test_a_short_guid_that_the_link_contains_by_chance(archiver: FeedArchiver) -> None:
    archiver.poll(Item("Bridge rebuilt", link=f"{SITE}/12/bridge", guid="12", text=LONG))
    archiver.poll(Item("Flour dear", link=f"{SITE}/2025/12/flour", guid="12", text=OTHER))
    assert archived(archiver) == 2


def test_the_same_words_without_link_on_two_dates(archiver: FeedArchiver) -> None:
    archiver.poll(Item("Tides", text=LONG, date="Wed, 24 Dec 2025 08:00:00 GMT"))
    archiver.poll(Item("Tides", text=LONG, date="Thu, 25 Dec 2025 08:00:00 GMT"))
    assert archived(archiver) == 2


def test_the_same_words_at_a_new_url_are_two_articles_on_another_date_or_side_by_side(
    folder_store: FolderStore, clock: Clock
) -> None:
    archiver = FeedArchiver(folder_store, clock)
    tides = Item("Tides", link=f"{SITE}/1", guid="1", text=LONG)
    archiver.poll(tides)
    later = replace(tides, link=f"{SITE}/2", guid="2", date="Thu, 25 Dec 2025 08:00:00 GMT")
    assert archiver.poll(later).new == 1
    assert archiver.poll(later, replace(later, link=f"{SITE}/3", guid="3")).new == 1
    undated = replace(tides, link=f"{SITE}/4", guid="4", date=None)
    archiver.poll(undated)
    assert archiver.poll(replace(undated, link=f"{SITE}/5", guid="5")).new == 1
    assert archived(archiver) == 5
