"""The rules of identity at work: what is one article, and what are two, with and without state."""

from __future__ import annotations

import hashlib

import pytest

from clock import Clock
from feedarchive.archive.claim import ArticleClaim, GuidClaim, from_bytes
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.store.folder import FolderStore
from press import Item, Press, articles, first_versions, titles

SITE = "https://example.org"
LONG = "The council met on Tuesday and decided to rebuild the old bridge over the river by spring."
OTHER = "Bakers across town report that flour prices doubled within a single harvest season."


@pytest.fixture(params=["with state", "state lost at every poll"])
def press(request: pytest.FixtureRequest, folder_store: FolderStore, clock: Clock) -> Press:
    return Press(folder_store, clock, forgetful=request.param != "with state")


def archived(press: Press) -> int:
    return len(first_versions(press.store))


# --- one article


def test_an_entry_shown_again_is_known(press: Press) -> None:
    item = Item(link=f"{SITE}/a", guid="1")
    assert press.poll(item).new == 1
    again = press.poll(item)
    assert (again.new, again.known) == (0, 1)
    assert archived(press) == 1


def test_an_entry_that_was_away_for_some_polls_is_known(press: Press) -> None:
    press.poll(Item(link=f"{SITE}/a"), Item("Another", link=f"{SITE}/b"))
    press.poll(Item("Another", link=f"{SITE}/b"))
    press.poll(Item(link=f"{SITE}/a"), Item("Another", link=f"{SITE}/b"))
    assert archived(press) == 2


def test_one_article_in_two_section_feeds_of_a_site(press: Press) -> None:
    press.poll(Item(link=f"{SITE}/a", guid="news-1"), url=f"{SITE}/news.xml")
    press.poll(Item(link=f"{SITE}/a?utm_source=sport", guid="news-1"), url=f"{SITE}/sport.xml")
    assert archived(press) == 1


def test_bbc_com_under_bbc_co_uk(press: Press) -> None:
    press.poll(
        Item(link="https://www.bbc.com/news/1"), url="https://feeds.bbci.co.uk/a.xml", home="https://www.bbc.co.uk/"
    )
    press.poll(
        Item(link="https://www.bbc.com/news/1"), url="https://feeds.bbci.co.uk/b.xml", home="https://www.bbc.co.uk/"
    )
    assert archived(press) == 1


def test_bbcs_counters_behind_the_address(press: Press) -> None:
    press.poll(Item(link=f"{SITE}/a#0", guid=f"{SITE}/a#0", permalink=True))
    press.poll(Item(link=f"{SITE}/a#1", guid=f"{SITE}/a#1", permalink=True))
    assert archived(press) == 1


def test_guid_from_http_to_https(press: Press) -> None:
    press.poll(Item(link="https://elsewhere.example/x", guid="http://example.org/a", permalink=True))
    press.poll(Item(link="https://elsewhere.example/x", guid="https://example.org/a", permalink=True))
    assert archived(press) == 1


def test_guid_changed_with_the_same_link_and_title(press: Press) -> None:
    press.poll(Item(link=f"{SITE}/a", guid="urn:old/1"))
    press.poll(Item(link=f"{SITE}/a", guid="urn:new/1"))
    assert archived(press) == 1


def test_a_title_edited_at_the_same_address(press: Press) -> None:
    press.poll(Item("Bridge to be rebuilt", link=f"{SITE}/a", guid="1", text=LONG))
    press.poll(Item("Old bridge to be rebuilt by spring", link=f"{SITE}/a", guid="1", text=LONG))
    assert archived(press) == 1


@pytest.mark.parametrize("guid", ["https://example.org/?p=123", "tag:example.org,2025:123", "p54ljy"])
def test_a_slug_that_moved(press: Press, guid: str) -> None:
    press.poll(Item("Bridge to be rebuilt", link=f"{SITE}/bridge-rebuilt", guid=guid, text=LONG))
    press.poll(Item("Bridge to be rebuilt by spring", link=f"{SITE}/bridge-by-spring", guid=guid, text=LONG))
    assert archived(press) == 1


def test_a_slug_that_moved_while_the_guid_stayed_the_old_address(press: Press) -> None:
    press.poll(Item(link=f"{SITE}/old-slug", guid=f"{SITE}/old-slug", permalink=True, text=LONG))
    press.poll(Item(link=f"{SITE}/new-slug", guid=f"{SITE}/old-slug", permalink=True, text=LONG))
    assert archived(press) == 1


def test_the_new_link_contains_the_guid(press: Press) -> None:
    press.poll(Item("Live: storm", link=f"{SITE}/storm-p54ljy.html", guid="p54ljy", text=LONG))
    press.poll(Item("How the floods came", link=f"{SITE}/floods-p54ljy.html", guid="p54ljy", text=OTHER))
    assert archived(press) == 1


def test_an_item_of_a_link_blog_keeps_its_guid_when_its_link_is_corrected(press: Press) -> None:
    press.poll(Item(link="https://elsewhere.example/x", guid="tag:1"))
    press.poll(Item(link="https://elsewhere.example/y", guid="tag:1"))
    assert archived(press) == 1


def test_a_link_that_is_shared_today_was_alone_yesterday(press: Press) -> None:
    press.poll(Item("First", link=f"{SITE}/live", guid="1", text=LONG))
    press.poll(
        Item("Second", link=f"{SITE}/live", guid="2", text=OTHER),
        Item("First", link=f"{SITE}/live", guid="1", text=LONG),
    )
    press.poll(Item("Second", link=f"{SITE}/live", guid="2", text=OTHER))
    assert sorted(titles(press.store)) == ["First", "Second"]


def test_a_guid_that_several_entries_share_today_was_trusted_yesterday(press: Press) -> None:
    first = Item("First", link="https://elsewhere.example/1", guid="same", text=LONG)
    second = Item("Second", link="https://elsewhere.example/2", guid="same", text=OTHER)
    press.poll(first)
    press.poll(second, first)
    assert sorted(titles(press.store)) == ["First", "Second"]


def test_identical_copies_in_a_document_count_once(press: Press) -> None:
    tally = press.poll(Item(link=f"{SITE}/a", guid="1"), Item(link=f"{SITE}/a", guid="1"))
    assert (tally.new, tally.rejected) == (1, 0)
    assert archived(press) == 1


def test_of_two_wordings_in_one_document_the_first_counts_and_the_other_is_named(press: Press) -> None:
    tally = press.poll(Item(link=f"{SITE}/a", guid="1", text=LONG), Item(link=f"{SITE}/a", guid="1", text=OTHER))
    assert (tally.new, tally.rejected) == (1, 1)
    assert [p.kind for p in tally.problems] == ["second-wording"]
    assert LONG.encode() in next(iter(articles(press.store).values()))


def test_neither_guid_nor_link_but_the_same_words_and_date(press: Press) -> None:
    press.poll(Item("No address", text=LONG))
    press.poll(Item("No address", text=LONG))
    assert archived(press) == 1


def test_a_publication_date_that_is_bumped(press: Press) -> None:
    press.poll(Item(link=f"{SITE}/a", date="Wed, 24 Dec 2025 08:00:00 GMT"))
    press.poll(Item(link=f"{SITE}/a", date="Thu, 25 Dec 2025 08:00:00 GMT"))
    assert archived(press) == 1


def test_an_entry_without_a_date_polled_on_two_days(press: Press, clock: Clock) -> None:
    press.poll(Item(link=f"{SITE}/a", date=None))
    clock.move(days=1)
    press.poll(Item(link=f"{SITE}/a", date=None))
    assert archived(press) == 1


def test_a_feed_that_moved_by_hand_keeps_its_id_and_its_history(press: Press) -> None:
    press.poll(Item(link="https://elsewhere.example/x", guid="7"), url="https://old.example/feed", id="mine")
    press.poll(Item(link="https://elsewhere.example/x", guid="7"), url="https://new.example/rss", id="mine")
    assert archived(press) == 1


# --- two articles


def test_fragments_that_identify(press: Press) -> None:
    press.poll(*(Item(f"Chapter {n}", link=f"{SITE}/book#{name}") for n, name in enumerate(("one", "two", "three"))))
    assert archived(press) == 3


def test_a_link_blogs_item_about_a_page_does_not_swallow_the_page(press: Press) -> None:
    page = "https://example.org/a"
    press.poll(Item("Read this", link=page, guid="n1"), url="https://links.example/feed", home="https://links.example/")
    press.poll(Item("Read that", link=page, guid="n2"), url="https://other.example/feed", home="https://other.example/")
    press.poll(Item("The page itself", link=page, guid="77"))
    assert archived(press) == 3


def test_two_items_of_a_link_blog_about_one_page(press: Press) -> None:
    press.poll(Item("Read this", link="https://elsewhere.example/x", guid="1"))
    press.poll(Item("It was updated", link="https://elsewhere.example/x", guid="2"))
    assert archived(press) == 2


def test_blogs_on_one_shared_host_are_strangers(press: Press) -> None:
    for blog in ("one", "two"):
        home = f"https://{blog}.wordpress.com/"
        press.poll(Item(link="https://three.wordpress.com/a", guid="5"), url=f"{home}feed", home=home)
    assert archived(press) == 2


def test_one_guid_for_all_entries(press: Press) -> None:
    press.poll(
        *(Item(f"Verse {n}", link=f"https://elsewhere.example/{n}", guid="daily", text=f"{LONG} {n}") for n in range(5))
    )
    assert archived(press) == 5


def test_one_guid_and_one_link_for_all_entries(press: Press) -> None:
    items = [
        Item(f"Verse {n}", link="https://example.org/", guid="https://example.org/", text=f"{n} {LONG}")
        for n in range(5)
    ]
    press.poll(*items)
    press.poll(*items)
    assert archived(press) == 5


def test_a_repeated_guid_and_a_new_entry_on_top(press: Press) -> None:
    old = Item("Old", link="https://elsewhere.example/old", guid="1", text=LONG)
    press.poll(old)
    press.poll(Item("New", link="https://elsewhere.example/new", guid="1", text=OTHER), old)
    assert sorted(titles(press.store)) == ["New", "Old"]


def test_a_repeated_link_without_guids(press: Press) -> None:
    items = [Item(name, link=f"{SITE}/news", text=text) for name, text in (("One", LONG), ("Two", OTHER))]
    press.poll(*items)
    press.poll(*reversed(items))
    assert archived(press) == 2


def test_a_repeated_link_and_title_with_guids_that_differ(press: Press) -> None:
    """Told apart by guid alone: when unsure, keep both."""
    press.poll(
        Item("Daily update", link=f"{SITE}/live", guid="1", text=LONG),
        Item("Daily update", link=f"{SITE}/live", guid="2", text=OTHER),
    )
    assert archived(press) == 2


def test_empty_guids(press: Press) -> None:
    press.poll(Item("One", link=f"{SITE}/1", guid=""), Item("Two", link=f"{SITE}/2", guid="  "))
    assert archived(press) == 2


def test_the_same_title_for_different_articles(press: Press) -> None:
    press.poll(*(Item("Comic", link=f"{SITE}/comic/{n}", guid=str(n)) for n in range(4)))
    assert archived(press) == 4


def test_an_address_that_is_used_again(press: Press) -> None:
    press.poll(Item("Morning news", link=f"{SITE}/live", guid="monday-1", text=LONG))
    press.poll(Item("Evening news", link=f"{SITE}/live", guid="monday-2", text=OTHER))
    press.poll(Item("Evening news", link=f"{SITE}/live", guid="monday-2", text=OTHER))
    press.poll(Item("Morning news", link=f"{SITE}/live", guid="monday-1", text=LONG))
    assert sorted(titles(press.store)) == ["Evening news", "Morning news"]


def test_the_second_article_of_an_address_is_known_under_a_new_title(press: Press) -> None:
    press.poll(Item("Morning news", link=f"{SITE}/live", guid="monday-1", text=LONG))
    press.poll(Item("Evening news", link=f"{SITE}/live", guid="monday-2", text=OTHER))
    press.poll(Item("Evening news, with flour", link=f"{SITE}/live", guid="monday-2", text=OTHER))
    assert archived(press) == 2


def test_a_guid_given_to_an_altogether_different_page(press: Press) -> None:
    press.poll(Item("Bridge rebuilt", link=f"{SITE}/bridge", guid="front-page", text=LONG))
    press.poll(Item("Flour dear", link=f"{SITE}/flour", guid="front-page", text=OTHER))
    assert sorted(titles(press.store)) == ["Bridge rebuilt", "Flour dear"]


def test_a_short_guid_is_in_a_link_by_chance(press: Press) -> None:
    press.poll(Item("Bridge rebuilt", link=f"{SITE}/12/bridge", guid="12", text=LONG))
    press.poll(Item("Flour dear", link=f"{SITE}/2025/12/flour", guid="12", text=OTHER))
    assert archived(press) == 2


def test_the_same_words_without_address_on_two_dates(press: Press) -> None:
    press.poll(Item("Tides", text=LONG, date="Wed, 24 Dec 2025 08:00:00 GMT"))
    press.poll(Item("Tides", text=LONG, date="Thu, 25 Dec 2025 08:00:00 GMT"))
    assert archived(press) == 2


# --- what the claims say


def test_the_claims_of_an_article_with_a_guid_of_its_own(folder_store: FolderStore, clock: Clock) -> None:
    Press(folder_store, clock).poll(Item(link=f"{SITE}/a", guid="tag:1"))
    claims = [from_bytes(folder_store.read(key).data) for key in folder_store.list("claims/")]  # type: ignore[union-attr]
    article = next(c for c in claims if isinstance(c, ArticleClaim))
    guid = next(c for c in claims if isinstance(c, GuidClaim))
    assert article.key in articles(folder_store)
    assert article.time == clock()
    assert article.guid == guid.guid == "tag:1"
    assert article.wording.startswith("1:")
    assert folder_store.read(f"claims/{guid.names[:2]}/{guid.names}") is not None


def test_an_article_whose_guid_is_its_link_has_one_claim(folder_store: FolderStore, clock: Clock) -> None:
    Press(folder_store, clock).poll(Item(link=f"{SITE}/a", guid=f"{SITE}/a", permalink=True))
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
    """Archives depend on these: the recipe is in docs/archive-format.md."""
    Press(folder_store, clock).poll(item, id="mine")
    (data,) = articles(folder_store).values()
    assert parse_front_matter(data.decode())["id"] == hashlib.sha256(hashed.encode()).hexdigest()[:32]


def test_a_guid_that_is_no_address_is_no_link(folder_store: FolderStore, clock: Clock) -> None:
    """RSS says a guid is a permalink unless it says not; "12345" is none all the same."""
    Press(folder_store, clock).poll(Item(guid="12345", permalink=True))
    (data,) = articles(folder_store).values()
    assert parse_front_matter(data.decode())["link"] == ""
