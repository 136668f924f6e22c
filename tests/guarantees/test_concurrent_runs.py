"""Concurrent runs over one archive, in threads and processes, in a folder and in S3: one file per article."""

from __future__ import annotations

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path
from random import Random

import pytest

from feedarchive.archive.claim import ArticleClaim, GuidClaim, parse_claim
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.failing_store import FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver, articles, everything
from tests.harness.feed_documents import Item
from tests.harness.killing_store import KillingStore, KillPoint
from tests.harness.processes import imported_once

SITE = "https://example.org"
ITEMS = [Item(f"Article {n}", link=f"{SITE}/{n}", guid=f"tag:{n}", text=f"The story number {n}.") for n in range(25)]
FEW = ITEMS[:12]  # enough that the threads work at the same time, also in S3


def test_runs_in_threads(store: Store) -> None:
    """They start together, each with the same articles in another order."""
    start = threading.Barrier(4)

    def run(number: int) -> int:
        start.wait()
        return FeedArchiver(store, Clock()).poll(*Random(number).sample(FEW, len(FEW))).new

    with ThreadPoolExecutor(4) as pool:
        new = list(pool.map(run, range(4)))
    assert sum(new) == len(FEW)
    _every_article_once(store, len(FEW))


def test_runs_of_feeds_with_the_same_articles(store: Store) -> None:
    def run(section: str) -> int:
        return FeedArchiver(store, Clock()).poll(*FEW, url=f"{SITE}/{section}.xml").new

    with ThreadPoolExecutor(3) as pool:
        new = list(pool.map(run, ("news", "sport", "culture")))
    assert sum(new) == len(FEW)
    _every_article_once(store, len(FEW))


def test_processes_over_one_folder(tmp_path: Path) -> None:
    context = imported_once()
    with context.Pool(4) as pool:
        new = pool.map(_run_in_process, [(str(tmp_path / "archive"), seed) for seed in range(4)])
    assert sum(new) == len(ITEMS)
    store = FolderStore(tmp_path / "archive")
    _every_article_once(store, len(ITEMS))
    undisturbed = FolderStore(tmp_path / "undisturbed")
    FeedArchiver(undisturbed, Clock()).poll(*ITEMS)
    assert articles(store) == articles(undisturbed)


def _run_in_process(arguments: tuple[str, int]) -> int:
    folder, seed = arguments
    items = Random(seed).sample(ITEMS, len(ITEMS))
    return FeedArchiver(FolderStore(Path(folder)), Clock()).poll(*items).new


@pytest.mark.parametrize("seed", range(4))
def test_processes_killed_again_and_again_lose_and_duplicate_nothing(tmp_path: Path, seed: int) -> None:
    """Three runs are killed with ``kill -9`` at random points, even in the middle of a write. A fourth completes."""
    expected = FolderStore(tmp_path / "undisturbed")
    FeedArchiver(expected, Clock()).poll(*ITEMS)
    store, random = FolderStore(tmp_path / "archive"), Random(seed)
    context = imported_once()
    for _ in range(3):
        point = random.choice(list(KillPoint))
        process = context.Process(target=_run_until_killed, args=(store.location, seed, point, random.randrange(1, 16)))
        process.start()
        process.join(180)
        assert process.exitcode == -signal.SIGKILL
    FeedArchiver(store, Clock()).poll(*ITEMS)
    assert everything(store) == everything(expected)


def _run_until_killed(folder: str, seed: int, point: KillPoint, at: int) -> None:
    items = Random(seed).sample(ITEMS, len(ITEMS))
    FeedArchiver(KillingStore(folder, point, at), Clock()).poll(*items)


def _every_article_once(store: Store, number: int) -> None:
    found = articles(store)
    assert len(found) == number
    claims = [parse_claim(stored.data) for key in store.list("claims/") if (stored := store.read(key))]
    assert sorted(claim.key for claim in claims if isinstance(claim, ArticleClaim)) == sorted(found)


class _Meeting(FailingStore):
    """Two runs meet at chosen writes: each waits for the other before, or right after, it claims a GUID."""

    def __init__(self, inner: Store, barrier: threading.Barrier, after: bool) -> None:
        super().__init__(inner, 0, Killed())
        self._barrier, self._after_write = barrier, after

    def create(self, key: str, data: bytes) -> bool:
        is_guid = isinstance(parse_claim(data), GuidClaim)
        if is_guid and not self._after_write:
            self._barrier.wait(60)
        created = super().create(key, data)
        if is_guid and self._after_write:
            self._barrier.wait(60)
        return created


@pytest.mark.parametrize("after", [False, True], ids=["before the GUID is claimed", "after it is claimed"])
def test_runs_that_see_another_link_at_each_request(store: Store, after: bool) -> None:
    """The link has a session id; the GUID does not change. Whichever run claims the GUID names the article."""
    barrier = threading.Barrier(2)
    items = ITEMS[:3]

    def run(session: int) -> int:
        meeting = _Meeting(store, barrier, after)
        linked = [replace(item, link=f"{item.link}?sid={session}") for item in items]
        return FeedArchiver(meeting, Clock()).poll(*linked).new

    with ThreadPoolExecutor(2) as pool:
        new = list(pool.map(run, (1, 2)))
    assert sum(new) == len(items)
    assert len(articles(store)) == len(items)
    for session in (1, 2, 3):
        linked = [replace(item, link=f"{item.link}?sid={session}") for item in items]
        assert FeedArchiver(store, Clock(), stateless=True).poll(*linked).new == 0
