"""Which entries are one article, with and without polling state."""

from __future__ import annotations

import hashlib

import pytest

from feedarchive.archive.claim import ArticleClaim, GuidClaim, parse_claim
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver, articles, first_versions, titles
from tests.harness.feed_documents import Item

SITE = "https://example.org"
LONG = "The council met on Tuesday and decided to rebuild the old bridge over the river by spring."
OTHER = "Bakers across town report that flour prices doubled within a single harvest season."


def archived(archiver: FeedArchiver) -> int:
    return len(first_versions(archiver.store))


def test_an_unchanged_entry_is_known(archiver: FeedArchiver) -> None:
    item = Item(link=f"{SITE}/a", guid="1")
    assert archiver.poll(item).new == 1
    again = archiver.poll(item)
    assert (again.new, again.known) == (0, 1)
    assert archived(archiver) == 1


def test_an_entry_that_was_missing_for_some_polls_is_known(archiver: FeedArchiver) -> None:
    archiver.poll(Item(link=f"{SITE}/a"), Item("Another", link=f"{SITE}/b"))
    archiver.poll(Item("Another", link=f"{SITE}/b"))
    archiver.poll(Item(link=f"{SITE}/a"), Item("Another", link=f"{SITE}/b"))
    assert archived(archiver) == 2


def test_one_article_in_two_section_feeds_of_a_site(archiver: FeedArchiver) -> None:
    archiver.poll(Item(link=f"{SITE}/a", guid="news-1"), url=f"{SITE}/news.xml")
    archiver.poll(Item(link=f"{SITE}/a?utm_source=sport", guid="news-1"), url=f"{SITE}/sport.xml")
    assert archived(archiver) == 1


def test_bbc_com_under_bbc_co_uk(archiver: FeedArchiver) -> None:
    archiver.poll(
        Item(link="https://www.bbc.com/news/1"), url="https://feeds.bbci.co.uk/a.xml", home="https://www.bbc.co.uk/"
    )
    archiver.poll(
        Item(link="https://www.bbc.com/news/1"), url="https://feeds.bbci.co.uk/b.xml", home="https://www.bbc.co.uk/"
    )
    assert archived(archiver) == 1


def test_counters_in_the_fragment_of_a_url(archiver: FeedArchiver) -> None:
    archiver.poll(Item(link=f"{SITE}/a#0", guid=f"{SITE}/a#0", permalink=True))
    archiver.poll(Item(link=f"{SITE}/a#1", guid=f"{SITE}/a#1", permalink=True))
    assert archived(archiver) == 1


def test_a_guid_that_changes_from_http_to_https(archiver: FeedArchiver) -> None:
    archiver.poll(Item(link="https://elsewhere.example/x", guid="http://example.org/a", permalink=True))
    archiver.poll(Item(link="https://elsewhere.example/x", guid="https://example.org/a", permalink=True))
    assert archived(archiver) == 1


def test_another_guid_with_the_same_link_and_title(archiver: FeedArchiver) -> None:
    archiver.poll(Item(link=f"{SITE}/a", guid="urn:old/1"))
    archiver.poll(Item(link=f"{SITE}/a", guid="urn:new/1"))
    assert archived(archiver) == 1


def test_an_edited_title_at_the_same_url(archiver: FeedArchiver) -> None:
    archiver.poll(Item("Bridge to be rebuilt", link=f"{SITE}/a", guid="1", text=LONG))
    archiver.poll(Item("Old bridge to be rebuilt by spring", link=f"{SITE}/a", guid="1", text=LONG))
    assert archived(archiver) == 1


@pytest.mark.parametrize("guid", ["https://example.org/?p=123", "tag:example.org,2025:123", "p54ljy"])
def test_another_slug(archiver: FeedArchiver, guid: str) -> None:
    archiver.poll(Item("Bridge to be rebuilt", link=f"{SITE}/bridge-rebuilt", guid=guid, text=LONG))
    archiver.poll(Item("Bridge to be rebuilt by spring", link=f"{SITE}/bridge-by-spring", guid=guid, text=LONG))
    assert archived(archiver) == 1


def test_another_slug_while_the_guid_is_still_the_old_url(archiver: FeedArchiver) -> None:
    archiver.poll(Item(link=f"{SITE}/old-slug", guid=f"{SITE}/old-slug", permalink=True, text=LONG))
    archiver.poll(Item(link=f"{SITE}/new-slug", guid=f"{SITE}/old-slug", permalink=True, text=LONG))
    assert archived(archiver) == 1


def test_the_new_link_contains_the_guid(archiver: FeedArchiver) -> None:
    archiver.poll(Item("Live: storm", link=f"{SITE}/storm-p54ljy.html", guid="p54ljy", text=LONG))
    archiver.poll(Item("How the floods came", link=f"{SITE}/floods-p54ljy.html", guid="p54ljy", text=OTHER))
    assert archived(archiver) == 1


def test_an_item_of_a_link_blog_keeps_its_guid_when_its_link_is_corrected(archiver: FeedArchiver) -> None:
    archiver.poll(Item(link="https://elsewhere.example/x", guid="tag:1"))
    archiver.poll(Item(link="https://elsewhere.example/y", guid="tag:1"))
    assert archived(archiver) == 1


def test_a_link_that_several_entries_share_since_today(archiver: FeedArchiver) -> None:
    archiver.poll(Item("First", link=f"{SITE}/live", guid="1", text=LONG))
    archiver.poll(
        Item("Second", link=f"{SITE}/live", guid="2", text=OTHER),
        Item("First", link=f"{SITE}/live", guid="1", text=LONG),
    )
    archiver.poll(Item("Second", link=f"{SITE}/live", guid="2", text=OTHER))
    assert sorted(titles(archiver.store)) == ["First", "Second"]


def test_a_guid_that_several_entries_share_since_today(archiver: FeedArchiver) -> None:
    first = Item("First", link="https://elsewhere.example/1", guid="same", text=LONG)
    second = Item("Second", link="https://elsewhere.example/2", guid="same", text=OTHER)
    archiver.poll(first)
    archiver.poll(second, first)
    assert sorted(titles(archiver.store)) == ["First", "Second"]


def test_identical_copies_in_a_document_count_once(archiver: FeedArchiver) -> None:
    tally = archiver.poll(Item(link=f"{SITE}/a", guid="1"), Item(link=f"{SITE}/a", guid="1"))
    assert (tally.new, tally.rejected) == (1, 0)
    assert archived(archiver) == 1


def test_of_two_wordings_in_one_document_the_second_is_rejected(archiver: FeedArchiver) -> None:
    tally = archiver.poll(Item(link=f"{SITE}/a", guid="1", text=LONG), Item(link=f"{SITE}/a", guid="1", text=OTHER))
    assert (tally.new, tally.rejected) == (1, 1)
    assert [p.kind for p in tally.problems] == ["second-wording"]
    assert LONG.encode() in next(iter(articles(archiver.store).values()))


def test_neither_guid_nor_link_but_the_same_words_and_date(archiver: FeedArchiver) -> None:
    archiver.poll(Item("No link", text=LONG))
    archiver.poll(Item("No link", text=LONG))
    assert archived(archiver) == 1


def test_another_publication_date(archiver: FeedArchiver) -> None:
    archiver.poll(Item(link=f"{SITE}/a", date="Wed, 24 Dec 2025 08:00:00 GMT"))
    archiver.poll(Item(link=f"{SITE}/a", date="Thu, 25 Dec 2025 08:00:00 GMT"))
    assert archived(archiver) == 1


def test_an_entry_without_a_date_polled_on_two_days(archiver: FeedArchiver, clock: Clock) -> None:
    archiver.poll(Item(link=f"{SITE}/a", date=None))
    clock.move(days=1)
    archiver.poll(Item(link=f"{SITE}/a", date=None))
    assert archived(archiver) == 1


def test_a_feed_with_another_url_and_the_same_id(archiver: FeedArchiver) -> None:
    archiver.poll(Item(link="https://elsewhere.example/x", guid="7"), url="https://old.example/feed", id="mine")
    archiver.poll(Item(link="https://elsewhere.example/x", guid="7"), url="https://new.example/rss", id="mine")
    assert archived(archiver) == 1


def test_the_claims_of_an_article_with_a_guid_of_its_own(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(Item(link=f"{SITE}/a", guid="tag:1"))
    claims = [parse_claim(folder_store.read(key).data) for key in folder_store.list("claims/")]  # type: ignore[union-attr]
    article = next(c for c in claims if isinstance(c, ArticleClaim))
    guid = next(c for c in claims if isinstance(c, GuidClaim))
    assert article.key in articles(folder_store)
    assert article.time == clock()
    assert article.guid == guid.guid == "tag:1"
    assert article.wording.startswith("1:")
    assert folder_store.read(f"claims/{guid.article_id[:2]}/{guid.article_id}") is not None


def test_an_article_whose_guid_is_its_link_has_one_claim(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(Item(link=f"{SITE}/a", guid=f"{SITE}/a", permalink=True))
    assert len(list(folder_store.list("claims/"))) == 1


@pytest.mark.parametrize(
    ("item", "hashed"),
    [
        (Item("By link", link=f"{SITE}/a?b=1&a=%7e", guid="tag:1"), "1\nexample.org/a?a=~&b=1"),
        (Item("By guid", link="https://elsewhere.example/x", guid="tag:2"), "1\nmine\ntag:2"),
        (Item("By guid", link="https://elsewhere.example/x", guid="http://www.z.example/"), "1\nmine\nz.example"),
        (Item("By link of another", link="https://elsewhere.example/y"), "1\nmine\nelsewhere.example/y"),
        (Item("By words", text="Nothing <i>Else</i>!", date="x"), "1\nmine\nBy words\nnothingelse\nx"),
    ],
)
def test_ids_of_identity_version_1_never_change(
    folder_store: FolderStore, clock: Clock, item: Item, hashed: str
) -> None:
    """Archives depend on these ids. docs/archive-format.md has the rules."""
    FeedArchiver(folder_store, clock).poll(item, id="mine")
    (data,) = articles(folder_store).values()
    assert parse_front_matter(data.decode())["id"] == hashlib.sha256(hashed.encode()).hexdigest()[:32]


def test_a_guid_that_is_not_a_url_is_not_a_link(folder_store: FolderStore, clock: Clock) -> None:
    """In RSS, a GUID is a permalink by default, but "12345" is not a URL."""
    FeedArchiver(folder_store, clock).poll(Item(guid="12345", permalink=True))
    (data,) = articles(folder_store).values()
    assert parse_front_matter(data.decode())["link"] == ""
