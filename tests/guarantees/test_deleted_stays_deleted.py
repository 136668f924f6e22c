"""A deleted article is never archived again: after ``forget``, a delete in S3, or the retention rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import boto3
import pytest

from feedarchive.archive.forget import forget
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from feedarchive.store.location import open_store
from tests.harness.clock import Clock
from tests.harness.failing_store import FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver, articles
from tests.harness.feed_documents import Item

SITE = "https://example.org"
ITEM = Item("A bridge", link=f"{SITE}/a", guid="tag:1")
OTHER = Item("Flour", link=f"{SITE}/b", guid="tag:2")


def test_a_forgotten_article_is_not_archived_again(store: Store, clock: Clock) -> None:
    archiver = FeedArchiver(store, clock, stateless=True)
    archiver.poll(ITEM, OTHER)
    key = next(key for key in articles(store) if "a-bridge" in key)
    result = forget(store, key, clock())
    assert (result.found, result.removed) == (True, (key,))
    for days in (0, 1, 30):
        clock.move(days=days)
        assert archiver.poll(ITEM, OTHER).new == 0
    assert [k for k in articles(store) if "a-bridge" in k] == []
    assert len(articles(store)) == 1


@pytest.mark.parametrize("target", [f"{SITE}/a", "http://www.example.org/a/?utm_source=x", "my-archive/{key}", "{key}"])
def test_an_article_is_found_by_any_form_of_its_link_or_path(
    folder_store: FolderStore, clock: Clock, target: str
) -> None:
    FeedArchiver(folder_store, clock).poll(ITEM, OTHER)
    key = next(key for key in articles(folder_store) if "a-bridge" in key)
    assert forget(folder_store, target.format(key=key), clock()).removed == (key,)


def test_by_link_every_article_about_a_page_is_removed(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(folder_store, clock)
    page = "https://elsewhere.example/x"
    archiver.poll(Item("One", link=page, guid="1"), Item("Two", link=page, guid="2"), OTHER)
    assert len(forget(folder_store, page, clock()).removed) == 2
    assert len(articles(folder_store)) == 1


def test_revisions_are_removed_with_their_article(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(ITEM, OTHER)
    key = next(key for key in articles(folder_store) if "a-bridge" in key)
    revision = key.replace("/25/", "/26/").replace(".md", ".r2.md")
    folder_store.create(revision, b"a later wording\n")
    assert forget(folder_store, key, clock()).removed == (key, revision)


def test_forgetting_again_finishes_an_interrupted_forget(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(ITEM)
    (key,) = articles(folder_store)
    # The first call is killed after it wrote the tombstone, the second before it deletes the file.
    for after in (True, False):
        with pytest.raises(Killed):
            forget(FailingStore(folder_store, 1, Killed(), after), key, clock())
        assert FeedArchiver(folder_store, clock, stateless=True).poll(ITEM).new == 0
    assert forget(folder_store, key, clock()).removed == (key,)
    assert articles(folder_store) == {}


def test_an_unknown_file_or_link_is_not_found(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(ITEM)
    for target in (f"{SITE}/unknown", "archive/2025/12/25/example.org/x-000000000000.md", "nonsense", "*"):
        assert not forget(folder_store, target, clock()).found
    assert len(articles(folder_store)) == 1


def test_an_object_deleted_in_s3_is_not_archived_again(bucket: str, clock: Clock) -> None:
    store = open_store(f"s3://{bucket}")
    archiver = FeedArchiver(store, clock, stateless=True)
    archiver.poll(ITEM)
    (key,) = articles(store)
    boto3.client("s3").delete_object(Bucket=bucket, Key=key)
    for days in (0, 1, 30):
        clock.move(days=days)
        assert archiver.poll(ITEM).new == 0
    assert articles(store) == {}


def test_a_file_deleted_by_the_retention_rule_is_not_archived_again(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(folder_store, clock, stateless=True, retention=timedelta(days=30))
    archiver.poll(ITEM)
    (key,) = articles(folder_store)
    clock.move(days=31)
    folder_store.delete(key)
    assert archiver.poll(ITEM).new == 0
    assert articles(folder_store) == {}


def test_without_a_tombstone_a_missing_file_counts_as_an_interrupted_run(
    folder_store: FolderStore, clock: Clock
) -> None:
    """A folder does not record that a file was deleted. Only ``forget`` records it, in a tombstone."""
    archiver = FeedArchiver(folder_store, clock, stateless=True)
    archiver.poll(ITEM)
    before = articles(folder_store)
    folder_store.delete(*before)
    assert archiver.poll(ITEM).new == 1
    assert articles(folder_store) == before


def test_an_article_whose_claims_are_lost_is_not_archived_again_after_forget(
    folder_store: FolderStore, clock: Clock
) -> None:
    """``forget`` deletes the file and also writes a tombstone, although the claim is missing."""
    archiver = FeedArchiver(folder_store, clock, stateless=True)
    archiver.poll(ITEM)
    (key,) = articles(folder_store)
    for claim in list(folder_store.list("claims/")):
        folder_store.delete(claim)
    assert forget(folder_store, key, clock()).removed == (key,)
    assert archiver.poll(ITEM).new == 0
    assert articles(folder_store) == {}


@pytest.mark.parametrize("link", [f"{SITE}/elsewhere", "https://other.example/a", None])
@pytest.mark.parametrize("text", [ITEM.text, "Words that nobody has read before."])
def test_a_forgotten_article_with_another_title_and_url_is_known_by_its_guid(
    folder_store: FolderStore, clock: Clock, link: str | None, text: str
) -> None:
    archiver = FeedArchiver(folder_store, clock, stateless=True)
    archiver.poll(ITEM)
    assert forget(folder_store, f"{SITE}/a", clock()).removed
    clock.move(days=1)
    assert archiver.poll(replace(ITEM, title="New words on top", link=link, text=text)).new == 0
    assert articles(folder_store) == {}


def test_an_article_that_was_archived_at_a_reused_guid_stays_known(folder_store: FolderStore, clock: Clock) -> None:
    """Two articles have the same GUID. The second stays known after the first is forgotten."""
    archiver = FeedArchiver(folder_store, clock, stateless=True)
    archiver.poll(ITEM)
    other = replace(OTHER, guid=ITEM.guid, text="Bakers report that prices doubled.")
    archiver.poll(other)
    assert forget(folder_store, f"{SITE}/a", clock()).removed
    before = articles(folder_store)
    clock.move(days=1)
    assert (archiver.poll(other).new, articles(folder_store)) == (0, before)
    assert archiver.poll(replace(other, text="Bakers report that prices tripled.")).revised == 1


def test_after_the_retention_a_guid_may_be_given_to_a_later_article(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(folder_store, clock, stateless=True, retention=timedelta(days=30))
    archiver.poll(ITEM)
    folder_store.delete(*articles(folder_store))
    clock.move(days=40)
    moved = replace(ITEM, title="New words on top", link=f"{SITE}/elsewhere")
    assert archiver.poll(moved).new == 0  # it was published before ITEM was archived, so it is the same article
    later = replace(moved, title="Flour", text="Bakers report.", date="Mon, 02 Feb 2026 08:00:00 GMT")
    assert archiver.poll(later).new == 1
