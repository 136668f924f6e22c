"""The full text of a forgotten or deleted article is not written again."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

import boto3
import pytest

from feedarchive.archive.claim_protocol import ClaimProtocol
from feedarchive.archive.forget import forget
from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.full_text.write_full_text import FullTextOutcome, archived_full_texts, write_full_text
from feedarchive.store.folder import FolderStore
from feedarchive.store.location import open_store
from tests.guarantees.test_full_texts_once import ITEM, OTHER, OTHER_TEXT, SITE, TEXT, archived_version, claim_of
from tests.harness.clock import Clock
from tests.harness.failing_store import FULL_DISK, FailingStore
from tests.harness.feed_archiver import FeedArchiver, articles
from tests.harness.full_texts import complete, full_texts, page_text, version_keys


def test_no_full_text_of_a_forgotten_article_is_written(folder_store: FolderStore, clock: Clock) -> None:
    version, claims = archived_version(folder_store, clock), ClaimProtocol(folder_store, clock)
    article_id = str(parse_front_matter(articles(folder_store)[version].decode())["id"])
    before = archived_full_texts(claims, article_id)
    file = articles(folder_store)[version]

    class ForgottenMeanwhile(FailingStore):
        def read(self, key: str):  # type: ignore[no-untyped-def]
            stored = super().read(key)
            if key == version:
                forget(folder_store, version, clock())
            return stored

    late = ClaimProtocol(ForgottenMeanwhile(folder_store, 0, FULL_DISK), clock)
    assert write_full_text(late, ZoneInfo("UTC"), version, page_text(TEXT), before) is FullTextOutcome.DELETED
    assert articles(folder_store) == {}
    assert claim_of(folder_store, f"{article_id}.full").deleted is not None
    folder_store.create(version, file)
    assert complete(folder_store, clock, version, TEXT) is FullTextOutcome.DELETED


@pytest.mark.parametrize("number", [1, 2])
def test_what_a_killed_process_wrote_after_the_article_was_forgotten_is_deleted_by_the_next_run(
    folder_store: FolderStore, clock: Clock, number: int
) -> None:
    version = archived_version(folder_store, clock)
    for text in (TEXT, OTHER_TEXT)[:number]:
        complete(folder_store, clock, version, text)
    *_, last = sorted(full_texts(folder_store), key=len)
    file = full_texts(folder_store)[last]
    forget(folder_store, version, clock())
    folder_store.create(last, file.encode())
    assert FeedArchiver(folder_store, clock, stateless=True).poll(ITEM).new == 0
    assert articles(folder_store) == {}


def test_a_full_text_whose_article_is_forgotten_during_a_slow_write_is_deleted(
    folder_store: FolderStore, clock: Clock
) -> None:
    version = archived_version(folder_store, clock)

    class Slow(FailingStore):
        def create(self, key: str, data: bytes) -> bool:
            if key.endswith(".full.md"):
                forget(folder_store, version, clock())
                clock.move(seconds=1)
            return super().create(key, data)

    slow = Slow(folder_store, 0, FULL_DISK)
    assert complete(slow, clock, version, TEXT) is FullTextOutcome.DELETED
    assert articles(folder_store) == {}


@pytest.mark.parametrize("target", ["article", "full text", "link"])
def test_forget_removes_the_full_texts_with_the_article(folder_store: FolderStore, clock: Clock, target: str) -> None:
    FeedArchiver(folder_store, clock).poll(ITEM, OTHER)
    version, other = sorted(version_keys(folder_store))
    for key in (version, other):
        complete(folder_store, clock, key, TEXT)
    complete(folder_store, clock, version, OTHER_TEXT)
    first, second, of_other = sorted(full_texts(folder_store), key=lambda key: ("flour" in key, key))
    targets = {"article": version, "full text": first, "link": f"{SITE}/a"}
    result = forget(folder_store, targets[target], clock())
    assert set(result.removed) == {version, first, second}
    assert set(articles(folder_store)) == {other, of_other}
    for name in (".full", ".full.r2"):
        article_id = next(key for key in folder_store.list("claims/") if key.endswith(".full.r2"))[10:42]
        assert claim_of(folder_store, article_id + name).deleted == clock()


def test_a_full_text_deleted_in_s3_is_not_written_again(bucket: str, clock: Clock) -> None:
    store = open_store(f"s3://{bucket}")
    version = archived_version(store, clock)
    complete(store, clock, version, TEXT)
    (key,) = full_texts(store)
    boto3.client("s3").delete_object(Bucket=bucket, Key=key)
    assert complete(store, clock, version, TEXT) is FullTextOutcome.DELETED
    assert full_texts(store) == {}


def test_a_full_text_removed_by_the_retention_is_not_written_again(folder_store: FolderStore, clock: Clock) -> None:
    version = archived_version(folder_store, clock)
    complete(folder_store, clock, version, TEXT)
    (key,) = full_texts(folder_store)
    folder_store.delete(key)
    clock.move(days=31)
    assert complete(folder_store, clock, version, TEXT, timedelta(days=30)) is FullTextOutcome.DELETED
    assert complete(folder_store, clock, version, TEXT, timedelta(days=60)) is FullTextOutcome.CREATED
