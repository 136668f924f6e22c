"""An article that is forgotten while a run is archiving it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedarchive.archive.forget import forget
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, Stored, StoreError
from tests.guarantees.test_deleted_stays_deleted import ITEM, OTHER, SITE
from tests.harness.clock import Clock
from tests.harness.failing_store import FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver, articles


@pytest.mark.parametrize("version", [1, 2])
def test_a_file_that_a_run_is_writing_is_removed_too(folder_store: FolderStore, clock: Clock, version: int) -> None:
    """The run writes its file when the claim is already a tombstone and the other files are removed."""
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


def test_a_tombstone_survives_a_process_that_corrects_a_claim_it_took_over_too_early(
    folder_store: FolderStore, clock: Clock
) -> None:
    """A slow run writes its file after another run took over the claim. Then the article is forgotten."""
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

    with pytest.raises(StoreError, match=r"belongs to a forgotten article, but cannot be deleted \(access denied\)"):
        FeedArchiver(MayNotDelete(folder_store, clock, "archive/", ".md", after=False), clock).poll(ITEM)
    (key,) = articles(folder_store)
    denied = MayNotDelete(folder_store, clock, "none/", "", after=False)
    assert FeedArchiver(denied, clock, stateless=True).poll(ITEM, OTHER).new == 1
    assert forget(folder_store, key, clock()).removed == (key,)
