"""Two runs at the same time over one archive, threads and processes, folder and S3: one file per article."""

from __future__ import annotations

import multiprocessing
import os
import random
import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from clock import Clock
from feedarchive.archive.claim import ArticleClaim, from_bytes
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from press import Item, Press, articles, everything

SITE = "https://example.org"
ITEMS = [Item(f"Article {n}", link=f"{SITE}/{n}", guid=f"tag:{n}", text=f"The story number {n}.") for n in range(25)]


def test_runs_in_threads(store: Store) -> None:
    """Starting together and in each other's way at every write."""
    start = threading.Barrier(4)

    def run(number: int) -> int:
        start.wait()
        return Press(store, Clock()).poll(*random.Random(number).sample(ITEMS, len(ITEMS))).new

    with ThreadPoolExecutor(4) as pool:
        new = list(pool.map(run, range(4)))
    assert sum(new) == len(ITEMS)
    _every_article_once(store, len(ITEMS))


def test_runs_of_two_feeds_that_show_the_same_articles(store: Store) -> None:
    def run(section: str) -> int:
        return Press(store, Clock()).poll(*ITEMS, url=f"{SITE}/{section}.xml").new

    with ThreadPoolExecutor(3) as pool:
        new = list(pool.map(run, ("news", "sport", "culture")))
    assert sum(new) == len(ITEMS)
    _every_article_once(store, len(ITEMS))


def test_processes_over_one_folder(tmp_path: Path) -> None:
    context = multiprocessing.get_context("spawn")
    with context.Pool(4) as pool:
        new = pool.map(_run_in_process, [(str(tmp_path / "archive"), seed) for seed in range(4)])
    assert sum(new) == len(ITEMS)
    store = FolderStore(tmp_path / "archive")
    _every_article_once(store, len(ITEMS))
    undisturbed = FolderStore(tmp_path / "undisturbed")
    Press(undisturbed, Clock()).poll(*ITEMS)
    assert articles(store) == articles(undisturbed)


def _run_in_process(arguments: tuple[str, int]) -> int:
    folder, seed = arguments
    items = random.Random(seed).sample(ITEMS, len(ITEMS))
    return Press(FolderStore(Path(folder)), Clock()).poll(*items).new


@pytest.mark.parametrize("seed", range(6))
def test_real_processes_killed_at_random_lose_and_double_nothing(tmp_path: Path, seed: int) -> None:
    """``kill -9`` after a random number of files has appeared, again and again, then one run to the end."""
    expected = FolderStore(tmp_path / "undisturbed")
    Press(expected, Clock()).poll(*ITEMS)
    store, chance = FolderStore(tmp_path / "archive"), random.Random(seed)
    context = multiprocessing.get_context("spawn")
    for _ in range(2):
        process = context.Process(target=_run_in_process, args=((store.location, seed),))
        process.start()
        _kill_when_files_appear(process, Path(store.location), chance.randrange(1, 3 * len(ITEMS)))
    Press(store, Clock()).poll(*ITEMS)
    assert everything(store) == everything(expected)


def _kill_when_files_appear(process: multiprocessing.process.BaseProcess, folder: Path, more: int) -> None:
    enough = sum(1 for _ in folder.rglob("*")) + more
    while process.is_alive() and sum(1 for _ in folder.rglob("*")) < enough:
        process.join(0.001)
    if process.pid and process.is_alive():
        os.kill(process.pid, signal.SIGKILL)
    process.join()


def _every_article_once(store: Store, number: int) -> None:
    found = articles(store)
    assert len(found) == number
    claims = [from_bytes(stored.data) for key in store.list("claims/") if (stored := store.read(key))]
    assert sorted(claim.key for claim in claims if isinstance(claim, ArticleClaim)) == sorted(found)
