"""A deleted article is never archived again: after ``forget``, a delete in S3, or the retention rule."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import boto3
import pytest

from feedarchive.archive.forget import forget
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, Stored, StoreError
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


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_that_a_run_is_writing_is_removed_too(folder_store: FolderStore, clock: Clock, version: int) -> None:
    """The run reads the claim before it becomes a tombstone, and writes its file after the others were removed."""
    archiver = FeedArchiver(folder_store, clock)
    if version == 2:
        archiver.poll(ITEM)
        clock.move(days=1)

    forgotten: list[int] = []
    written: list[bool] = []

    class ForgetsBeforeWriting(FailingStore):
        def create(self, key: str, data: bytes) -> bool:
            if not key.startswith("archive/"):
                return super().create(key, data)
            result = forget(folder_store, key, clock(), lambda: written.append(self._inner.create(key, data)))
            forgotten.append(len(result.removed))
            return True

    archiver.store = ForgetsBeforeWriting(folder_store, 0, Killed())
    archiver.poll(replace(ITEM, text="Other words, and more of them."))
    assert (forgotten, written) == ([version], [True])
    assert articles(folder_store) == {}
    assert FeedArchiver(folder_store, clock, stateless=True).poll(ITEM).new == 0


def test_forgetting_again_finishes_an_interrupted_forget(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock).poll(ITEM)
    (key,) = articles(folder_store)
    for after in (True, False):  # once after the tombstone is written, once before the file is deleted
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
    """A folder does not record deletions, which is why there is ``forget``."""
    archiver = FeedArchiver(folder_store, clock, stateless=True)
    archiver.poll(ITEM)
    before = articles(folder_store)
    folder_store.delete(*before)
    assert archiver.poll(ITEM).new == 1
    assert articles(folder_store) == before


def test_an_article_whose_claims_are_lost_is_not_archived_again_after_forget(
    folder_store: FolderStore, clock: Clock
) -> None:
    """A file whose claim was deleted gets a tombstone, not only a deletion."""
    archiver = FeedArchiver(folder_store, clock, stateless=True)
    archiver.poll(ITEM)
    (key,) = articles(folder_store)
    for claim in list(folder_store.list("claims/")):
        folder_store.delete(claim)
    assert forget(folder_store, key, clock()).removed == (key,)
    assert archiver.poll(ITEM).new == 0
    assert articles(folder_store) == {}


def test_a_tombstone_survives_a_process_that_corrects_a_claim_it_took_over_too_early(
    folder_store: FolderStore, clock: Clock
) -> None:
    """A slow run writes its file after another took its claim over; then the article is forgotten."""
    with pytest.raises(Killed):
        FeedArchiver(FailingStore(folder_store, 2, Killed(), after=True), clock).poll(ITEM)
    assert articles(folder_store) == {}
    steps: list[str] = []

    class ForgottenMeanwhile(FailingStore):
        def create(self, key: str, data: bytes) -> bool:
            if key.startswith("archive/"):
                self._inner.create(key, data)  # by the slow run
                steps.append("written by the slow run")
            return super().create(key, data)

        def read(self, key: str) -> Stored | None:
            stored = super().read(key)
            if key.startswith("archive/") and "written by the slow run" in steps and len(steps) == 1:
                steps.append("forgotten")
                assert forget(folder_store, key, clock()).removed == (key,)
            return stored

    FeedArchiver(ForgottenMeanwhile(folder_store, 0, Killed()), clock).poll(ITEM)
    assert steps == ["written by the slow run", "forgotten"]
    assert FeedArchiver(folder_store, clock, stateless=True).poll(ITEM).new == 0
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
    """Two articles have one GUID, and the first is forgotten."""
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
    assert archiver.poll(moved).new == 0  # published before ITEM was archived: the same article
    later = replace(moved, title="Flour", text="Bakers report.", date="Mon, 02 Feb 2026 08:00:00 GMT")
    assert archiver.poll(later).new == 1


class _ForgottenDuringTheRun(FailingStore):
    """The article is forgotten just before or after the run writes an object whose key has this beginning and end."""

    def __init__(self, inner: Store, clock: Clock, prefix: str, end: str, after: bool) -> None:
        super().__init__(inner, 0, Killed())
        self._clock, self._prefix, self._end, self._after_write = clock, prefix, end, after
        self.forgotten: tuple[str, ...] | None = None

    def create(self, key: str, data: bytes) -> bool:
        at_work = self.forgotten is None and key.startswith(self._prefix) and key.endswith(self._end)
        created = super().create(key, data) if self._after_write or not at_work else None
        if at_work:
            self.forgotten = forget(self._inner, f"{SITE}/a", self._clock()).files
            self._clock.move(minutes=20)  # far more than forget waits
        return super().create(key, data) if created is None else created


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize(("prefix", "end"), [("claims/", ".r2"), ("archive/", ".r2.md")])
def test_a_run_that_is_at_work_for_long_writes_no_revision_of_a_forgotten_article(
    store: Store, clock: Clock, prefix: str, end: str, after: bool
) -> None:
    FeedArchiver(store, clock).poll(ITEM)
    clock.move(days=1)
    edited = replace(ITEM, text="Other words, and more of them.")
    interrupted = _ForgottenDuringTheRun(store, clock, prefix, end, after)
    assert FeedArchiver(interrupted, clock).poll(edited).revised == 0
    assert interrupted.forgotten
    assert articles(store) == {}
    for item in (ITEM, edited, replace(edited, text="A third wording.")):
        assert FeedArchiver(store, clock, stateless=True).poll(item).revised == 0
    assert articles(store) == {}


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
def test_a_run_that_is_at_work_for_long_writes_no_forgotten_article(store: Store, clock: Clock, after: bool) -> None:
    interrupted = _ForgottenDuringTheRun(store, clock, "archive/", ".md", after)
    FeedArchiver(interrupted, clock).poll(ITEM)
    assert interrupted.forgotten
    assert articles(store) == {}
    assert FeedArchiver(store, clock, stateless=True).poll(ITEM).new == 0


def test_a_file_that_a_killed_run_wrote_after_forget_is_removed_at_the_next_sight(
    folder_store: FolderStore, clock: Clock
) -> None:
    FeedArchiver(folder_store, clock).poll(ITEM)
    (key,) = articles(folder_store)
    clock.move(days=1)
    FeedArchiver(folder_store, clock).poll(replace(ITEM, text="Other words, and more of them."))
    (_, revision) = sorted(articles(folder_store))
    assert len(forget(folder_store, key, clock()).removed) == 2
    for left in (key, revision):
        folder_store.create(left, b"written by a run that was killed then\n")
    FeedArchiver(folder_store, clock, stateless=True).poll(ITEM)
    assert articles(folder_store) == {}


def test_a_run_that_may_not_delete_says_what_to_do_and_the_next_one_goes_on(
    folder_store: FolderStore, clock: Clock
) -> None:
    """The functions on AWS may not delete."""

    class MayNotDelete(_ForgottenDuringTheRun):
        def delete(self, key: str) -> None:
            raise StoreError("access denied")

    with pytest.raises(
        StoreError, match=r"was forgotten while it was written, and cannot be deleted \(access denied\)"
    ):
        FeedArchiver(MayNotDelete(folder_store, clock, "archive/", ".md", after=False), clock).poll(ITEM)
    (key,) = articles(folder_store)
    denied = MayNotDelete(folder_store, clock, "none/", "", after=False)
    assert FeedArchiver(denied, clock, stateless=True).poll(ITEM, OTHER).new == 1
    assert forget(folder_store, key, clock()).removed == (key,)
