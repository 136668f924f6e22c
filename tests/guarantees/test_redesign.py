"""A redesigned site gives its articles other links and GUIDs. The articles are not archived again."""

from __future__ import annotations

from dataclasses import replace

import pytest

from feedarchive.archive.forget import forget
from feedarchive.store.folder import FolderStore
from tests.guarantees.test_same_article import LONG, SITE
from tests.harness.clock import Clock
from tests.harness.failing_store import FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver, articles
from tests.harness.feed_documents import Item

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
    # Both archivers start without the state of the first.
    for later in (FeedArchiver(folder_store, clock), FeedArchiver(folder_store, clock, stateless=True)):
        assert later.poll(*redesigned).new == 0
    assert articles(folder_store) == before
    edited = [replace(redesigned[0], title="Part nil", text=f"{LONG} or nothing"), *redesigned[1:]]
    result = archiver.poll(*edited)
    assert (result.new, result.revised) == (0, 1)


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
