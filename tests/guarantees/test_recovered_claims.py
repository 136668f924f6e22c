"""A lost or truncated claim is recovered from its own file only, and forgetting works without files."""

from __future__ import annotations

from pathlib import Path

from feedarchive.archive.claim import ArticleClaim, claim_key
from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.archive.forget import forget
from feedarchive.archive.recovery import find_files
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.feed_archiver import FeedArchiver, articles
from tests.harness.feed_documents import Item

LINK = "https://example.org/a"
ITEM = Item("A bridge", link=LINK, guid="tag:1")


def test_a_file_of_another_article_with_the_same_short_id_is_not_found(folder_store: FolderStore, clock: Clock) -> None:
    """The name of a file contains only 12 of the 32 digits of the article's id."""
    FeedArchiver(folder_store, clock).poll(ITEM)
    ((key, data),) = articles(folder_store).items()
    article_id = str(parse_front_matter(data.decode())["id"])
    other_id = article_id[:12] + "0" * 20
    found = find_files(folder_store, article_id)
    assert found.claim is not None
    assert found.claim.key == key
    assert find_files(folder_store, other_id).claim is None


def test_a_recovered_claim_says_what_the_lost_one_said(folder_store: FolderStore, clock: Clock) -> None:
    """Only the id of the feed is lost, because the article's file does not contain it."""
    FeedArchiver(folder_store, clock).poll(ITEM)
    (data,) = articles(folder_store).values()
    article_id = str(parse_front_matter(data.decode())["id"])
    lost = ClaimProtocol(folder_store, clock).read(article_id)
    assert isinstance(lost, ArticleClaim)
    (Path(folder_store.location) / claim_key(article_id)).write_bytes(b'{"key": "arch')
    recovered = find_files(folder_store, article_id).claim
    assert recovered is not None
    assert vars(recovered) == {**vars(lost), "feed": ""}


def test_a_revision_is_not_taken_for_the_first_version(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(ITEM)
    ((key, data),) = articles(folder_store).items()
    article_id = str(parse_front_matter(data.decode())["id"])
    assert find_files(folder_store, f"{article_id}.r2").claim is None
    revision = key.replace(".md", ".r2.md")
    folder_store.create(revision, data)
    found = [find_files(folder_store, name).claim for name in (article_id, f"{article_id}.r2")]
    assert [claim.key for claim in found if claim] == [key, revision]


def test_an_article_without_files_is_forgotten_by_its_link(folder_store: FolderStore, clock: Clock) -> None:
    """After a person deleted the file, only the claim says that there was one."""
    archiver = FeedArchiver(folder_store, clock, stateless=True)
    archiver.poll(ITEM)
    (key,) = articles(folder_store)
    folder_store.delete(key)
    result = forget(folder_store, LINK, clock())
    assert (result.files, result.removed, result.was_forgotten) == ((key,), (), False)
    assert forget(folder_store, LINK, clock()).was_forgotten
    assert archiver.poll(ITEM).new == 0


def test_forgetting_again_does_not_change_a_tombstone(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(ITEM)
    (key,) = articles(folder_store)
    forget(folder_store, key, clock())
    before = {name: folder_store.read(name) for name in folder_store.list("claims/")}
    clock.move(days=1)
    assert forget(folder_store, key, clock()).was_forgotten
    assert {name: folder_store.read(name) for name in folder_store.list("claims/")} == before
