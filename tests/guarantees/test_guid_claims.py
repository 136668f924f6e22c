"""Which article the claim of a GUID leads to, after publishers have used the GUID or a URL again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.failing_store import FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver, articles
from tests.harness.feed_documents import Item

SITE = "https://example.org"
MILL = Item("The mill burned down", link=f"{SITE}/mill", guid="tag:1", text="Fire destroyed an old building.")
BREAD = Item("Bread prices", link=f"{SITE}/bread", guid="tag:2", text="Flour costs more.")
SNOW = Item("Snow everywhere", link=f"{SITE}/bread", guid="tag:1", text="Roads closed tonight.")


@pytest.fixture
def archiver(folder_store: FolderStore, clock: Clock) -> FeedArchiver:
    return FeedArchiver(folder_store, clock, stateless=True)


def test_a_guid_still_leads_to_its_article_after_another_one_had_it_at_a_reused_url(archiver: FeedArchiver) -> None:
    """SNOW is a third article, although it has the GUID of MILL and the URL of BREAD."""
    archiver.poll(MILL, BREAD)
    assert archiver.poll(SNOW).new == 1
    moved = archiver.poll(replace(MILL, link=f"{SITE}/2025/fire"))
    assert (moved.new, moved.known) == (0, 1)
    assert len(articles(archiver.store)) == 3


def test_a_guid_without_a_link_that_is_given_to_another_article(archiver: FeedArchiver) -> None:
    archiver.poll(MILL)
    for new in (1, 0):
        assert archiver.poll(replace(SNOW, link=None)).new == new
    assert len(articles(archiver.store)) == 2


def test_an_entry_that_loses_its_link_after_an_interrupted_run(folder_store: FolderStore, clock: Clock) -> None:
    """The run was killed after it had claimed the GUID, and before it claimed the article."""
    with pytest.raises(Killed):
        FeedArchiver(FailingStore(folder_store, 1, Killed(), after=True), clock, stateless=True).poll(MILL)
    archiver = FeedArchiver(folder_store, clock, stateless=True)
    assert archiver.poll(replace(MILL, link=None)).new == 1
    assert archiver.poll(MILL).new == 0
    assert len(articles(folder_store)) == 1


@pytest.mark.parametrize("link", [None, f"{SITE}/2025/fire"], ids=["without a link", "at a new URL"])
def test_a_second_guid_of_an_article_leads_to_it_too(archiver: FeedArchiver, link: str | None) -> None:
    """The claim of the article has its first GUID and title. The entry has other ones, so its words decide."""
    archiver.poll(MILL)
    archiver.poll(replace(MILL, guid="urn:new:1"))
    edited = replace(MILL, guid="urn:new:1", title="A mill is lost", link=link)
    assert archiver.poll(edited).new == 0
    assert len([key for key in articles(archiver.store) if ".r2" not in key]) == 1


def test_two_guids_without_links_that_are_given_to_articles_with_the_same_title(archiver: FeedArchiver) -> None:
    archiver.poll(MILL, BREAD)
    weather = replace(SNOW, title="Weather", link=None)
    other = replace(weather, guid="tag:2", text="Sun all day.")
    for new in (2, 0):
        assert archiver.poll(weather, other).new == new
    assert len(articles(archiver.store)) == 4


def test_a_guid_that_another_process_claims_meanwhile_keeps_leading_to_its_article(
    folder_store: FolderStore, clock: Clock
) -> None:
    """Both processes looked the GUID up before one of them claimed it. Their entries have different URLs and words."""
    other = replace(SNOW, link=f"{SITE}/snow")
    claimed: list[bool] = []

    class AfterTheOther(FailingStore):
        def create(self, key: str, data: bytes) -> bool:
            if not claimed:
                FeedArchiver(folder_store, clock, stateless=True).poll(MILL)
            claimed.append(super().create(key, data))
            return claimed[-1]

    FeedArchiver(AfterTheOther(folder_store, 0, Killed()), clock, stateless=True).poll(other)
    assert not claimed[0]
    moved = FeedArchiver(folder_store, clock, stateless=True).poll(replace(MILL, link=f"{SITE}/2025/fire"))
    assert (moved.new, moved.known) == (0, 1)
