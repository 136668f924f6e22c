"""The claim of an interrupted or slow process is taken over: which day the article gets, and which process wins."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from feedarchive.archive.claim import ArticleClaim, claim_key, parse_claim
from feedarchive.article.yaml_format import body_of, parse_front_matter
from feedarchive.identity.fingerprint import fingerprint
from feedarchive.store.folder import FolderStore
from tests.harness.clock import Clock
from tests.harness.failing_store import FULL_DISK, FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver, articles
from tests.harness.feed_documents import Item

ITEM = Item("A bridge", link="https://example.org/a", guid="tag:1", text="It was built in spring.")
SUMMER = replace(ITEM, text="It was built in summer.")
AUTUMN = replace(ITEM, title="An old bridge", text="It was built in autumn.")
WINTER = replace(ITEM, title="The bridge", text="It was built in winter.")


def _wording(item: Item) -> str:
    return fingerprint(item.title or "", item.text or "")


def test_the_claim_matches_the_file_after_it_was_taken_over_twice(folder_store: FolderStore, clock: Clock) -> None:
    FeedArchiver(folder_store, clock, stateless=True).poll(ITEM)
    with pytest.raises(Killed):  # the first process claims the revision, but does not write it yet
        FeedArchiver(FailingStore(folder_store, 1, Killed(), after=True), clock, stateless=True).poll(SUMMER)
    with pytest.raises(Killed):  # the second process takes the claim over, and is interrupted
        FeedArchiver(FailingStore(folder_store, 2, Killed(), after=True), clock, stateless=True).poll(AUTUMN)

    changes = {str(WINTER.title): str(ITEM.title), "winter": "summer", _wording(WINTER): _wording(SUMMER)}

    class FileOfTheFirstAppears(FailingStore):
        def create(self, key: str, data: bytes) -> bool:
            if key.endswith(".r2.md"):
                for new, old in changes.items():
                    data = data.replace(new.encode(), old.encode())
                assert self._inner.create(key, data)
            return super().create(key, data)

    result = FeedArchiver(FileOfTheFirstAppears(folder_store, 0, FULL_DISK), clock, stateless=True).poll(WINTER)
    assert result.revised == 0
    (file,) = (data.decode() for key, data in articles(folder_store).items() if key.endswith(".r2.md"))
    assert body_of(file).strip() == SUMMER.text
    stored = folder_store.read(claim_key(f"{parse_front_matter(file)['id']}.r2"))
    assert stored is not None
    claim = parse_claim(stored.data)
    assert isinstance(claim, ArticleClaim)
    assert (claim.wording, claim.title) == (_wording(SUMMER), fingerprint("A bridge"))
    assert FeedArchiver(folder_store, clock, stateless=True).poll(SUMMER).revised == 0


def _claim_and_be_killed(store: FolderStore, clock: Clock) -> None:
    with pytest.raises(Killed):
        FeedArchiver(FailingStore(store, 2, Killed(), after=True), clock).poll(ITEM)
    assert articles(store) == {}


@pytest.mark.parametrize(
    ("age", "day"),
    [(timedelta(days=7), "archive/2025/12/25/"), (timedelta(days=7, seconds=1), "archive/2026/01/01/")],
    ids=["seven days", "longer"],
)
def test_a_claim_keeps_its_day_for_seven_days(
    folder_store: FolderStore, clock: Clock, age: timedelta, day: str
) -> None:
    _claim_and_be_killed(folder_store, clock)
    clock.now += age
    FeedArchiver(folder_store, clock).poll(ITEM)
    (key,) = articles(folder_store)
    assert key.startswith(day)


def test_of_two_processes_that_take_a_claim_over_only_one_writes(folder_store: FolderStore, clock: Clock) -> None:
    """The claim is older than seven days, so each process would write the article into the folder of its current day.

    The slow process reads the claim first.
    """
    _claim_and_be_killed(folder_store, clock)
    clock.move(days=8)
    later = Clock(clock() + timedelta(days=1))

    class Slow(FailingStore):
        def replace(self, key: str, data: bytes, version: str) -> bool:
            FeedArchiver(folder_store, later).poll(ITEM)
            replaced = super().replace(key, data, version)
            assert not replaced
            return replaced

    result = FeedArchiver(Slow(folder_store, 0, FULL_DISK), clock).poll(ITEM)
    assert (result.new, result.known) == (0, 1)
    (key,) = articles(folder_store)
    assert key.startswith("archive/2026/01/03/")
