"""Which entries are one article and which are two, with and without polling state."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import pytest

from feedarchive.archive.claim import ArticleClaim, GuidClaim, parse_claim
from feedarchive.archive.forget import forget
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.failing_store import FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver, articles, first_versions, titles
from tests.harness.feed_documents import Item

SITE = "https://example.org"
LONG = "The council met on Tuesday and decided to rebuild the old bridge over the river by spring."
OTHER = "Bakers across town report that flour prices doubled within a single harvest season."


@pytest.fixture(params=["with state", "state lost at every poll"])
def archiver(request: pytest.FixtureRequest, folder_store: FolderStore, clock: Clock) -> FeedArchiver:
    return FeedArchiver(folder_store, clock, stateless=request.param != "with state")


def archived(archiver: FeedArchiver) -> int:
    return len(first_versions(archiver.store))


# --- one article


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


# --- two articles


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


# --- claims and ids


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
    """In RSS a GUID is a permalink unless isPermaLink is false, but "12345" cannot be one."""
    FeedArchiver(folder_store, clock).poll(Item(guid="12345", permalink=True))
    (data,) = articles(folder_store).values()
    assert parse_front_matter(data.decode())["link"] == ""


# --- the same words at a new URL


OLD_SITE = [
    Item(f"Part {n}", link=f"{SITE}/?p={n}", guid=f"{SITE}/?p={n}", text=f"{LONG} {n}", permalink=True)
    for n in range(5)
]
REDESIGNED = [
    [replace(item, link=f"{SITE}/part-{n}", guid=f"{SITE}/part-{n}") for n, item in enumerate(OLD_SITE)],
    [replace(item, link=f"{SITE}/part-{n}", guid=f"tag:{n}", permalink=False) for n, item in enumerate(OLD_SITE)],
    [replace(item, link=f"https://elsewhere.example/part-{n}", guid=f"tag:{n}") for n, item in enumerate(OLD_SITE)],
    [replace(item, link=f"https://elsewhere.example/part-{n}", guid=None) for n, item in enumerate(OLD_SITE)],
]


@pytest.mark.parametrize("redesigned", REDESIGNED)
def test_a_redesign_that_gives_every_article_another_link_and_guid(
    folder_store: FolderStore, clock: Clock, redesigned: list[Item]
) -> None:
    archiver = FeedArchiver(folder_store, clock)
    archiver.poll(*OLD_SITE)
    before = articles(folder_store)
    clock.move(days=1)
    result = archiver.poll(*redesigned)
    assert (result.new, result.known, result.revised) == (0, 5, 0)
    for later in (FeedArchiver(folder_store, clock), FeedArchiver(folder_store, clock, stateless=True)):  # state lost
        assert later.poll(*redesigned).new == 0
    assert articles(folder_store) == before
    edited = [replace(redesigned[0], title="Part nil", text=f"{LONG} or nothing"), *redesigned[1:]]
    result = archiver.poll(*edited)
    assert (result.new, result.revised) == (0, 1)


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


def test_a_forgotten_article_does_not_return_with_a_redesign(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(folder_store, clock)
    archiver.poll(*OLD_SITE)
    assert forget(folder_store, OLD_SITE[0].link or "", clock()).removed
    assert archiver.poll(*REDESIGNED[0]).new == 0
    assert len(articles(folder_store)) == 4
    assert forget(folder_store, f"{SITE}/part-1", clock()).removed  # by its new URL
    assert FeedArchiver(folder_store, clock, stateless=True).poll(*REDESIGNED[0]).new == 0
    assert len(articles(folder_store)) == 3


def test_a_redesign_is_recognized_after_an_interruption_at_any_write(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(folder_store, clock)
    archiver.poll(*OLD_SITE)
    before = articles(folder_store)
    for write in range(1, 100):
        archiver.store = FailingStore(folder_store, write, Killed(), after=True)
        try:
            archiver.poll(*REDESIGNED[1])
        except Killed:
            continue
        break
    assert 5 < write < 99
    archiver.store = folder_store
    assert archiver.poll(*REDESIGNED[1]).new == 0
    assert articles(folder_store) == before
