"""Killed or failing at any write, the next run ends with the files an undisturbed run makes."""

from __future__ import annotations

from pathlib import Path

import pytest

from clock import Clock
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import StoreError
from frail import FULL_DISK, FrailStore, Killed
from press import Item, Press, articles, everything

SITE = "https://example.org"
# One entry of every kind of identity, so every kind of write is interrupted.
DOCUMENT = (
    Item("Guid and link", link=f"{SITE}/a", guid="tag:1"),
    Item("Guid is the link", link=f"{SITE}/b", guid=f"{SITE}/b", permalink=True),
    Item("Guid is an address", link=f"{SITE}/c", guid=f"{SITE}/?p=3"),
    Item("Link alone", link=f"{SITE}/d"),
    Item("About another's page", link="https://elsewhere.example/", guid="tag:5"),
    Item("Words alone", text="Nothing but words."),
)
BEFORE = (Item("Morning news", link=f"{SITE}/live", guid="monday-1", text="What the morning brought us."),)
# The address of the one before, used again: the guid's claim is made, then replaced.
REUSED = (*DOCUMENT, Item("Evening", link=f"{SITE}/live", guid="monday-2", text="All quiet by night."))


def _undisturbed(folder: Path) -> tuple[dict[str, bytes], int]:
    """Everything an undisturbed run writes, and with how many writes."""
    store = FrailStore(FolderStore(folder), 0, FULL_DISK)
    press = Press(store, Clock())
    press.poll(*BEFORE)
    before = store.writes
    press.poll(*REUSED)
    return everything(store), store.writes - before


def _writes() -> int:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        return _undisturbed(Path(folder))[1]


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize("error", [Killed(), FULL_DISK], ids=["killed", "failed"])
@pytest.mark.parametrize("write", range(1, _writes() + 1))
def test_the_next_run_finishes_what_was_begun(tmp_path: Path, write: int, error: BaseException, after: bool) -> None:
    expected, _ = _undisturbed(tmp_path / "undisturbed")
    store = FolderStore(tmp_path / "archive")
    clock = Clock()
    Press(store, clock).poll(*BEFORE)
    with pytest.raises(type(error)):
        Press(FrailStore(store, write, error, after), clock).poll(*REUSED)
    Press(store, clock).poll(*REUSED)
    assert everything(store) == expected


@pytest.mark.parametrize("hours", [3, 25, 6 * 24])
def test_a_claim_of_an_interrupted_run_keeps_its_place_and_time(tmp_path: Path, hours: int) -> None:
    """Days later, too: the article joins the day on which it was claimed."""
    expected, writes = _undisturbed(tmp_path / "undisturbed")
    for write in range(1, writes + 1):
        store, clock = FolderStore(tmp_path / f"archive-{write}"), Clock()
        Press(store, clock).poll(*BEFORE)
        with pytest.raises(Killed):
            Press(FrailStore(store, write, Killed(), after=True), clock).poll(*REUSED)
        claimed = _articles_claimed(store)
        clock.move(hours=hours)
        Press(store, clock).poll(*REUSED)
        found = articles(store)
        assert len(found) == len(articles(FolderStore(tmp_path / "undisturbed")))
        for key in claimed:
            assert found[key] == expected[key]


def test_a_claim_older_than_a_week_no_longer_changes_its_day(tmp_path: Path) -> None:
    store, clock = FolderStore(tmp_path), Clock()
    with pytest.raises(Killed):
        Press(FrailStore(store, 1, Killed(), after=True), clock).poll(DOCUMENT[1])
    clock.move(days=8)
    Press(store, clock).poll(DOCUMENT[1])
    (key,) = articles(store)
    assert key.startswith("archive/2026/01/02/")
    assert b'archived: "2026-01-02T10:00:00Z"' in articles(store)[key]


def test_a_writer_that_slept_for_days_does_not_write_beside_the_one_who_took_over(tmp_path: Path) -> None:
    store, clock = FolderStore(tmp_path), Clock()

    class SleepsBeforeTheArticle(FrailStore):
        def create(self, key: str, data: bytes) -> bool:
            if key.startswith("claims/") and super().create(key, data):
                clock.move(days=8)  # the laptop was closed; meanwhile another machine went on
                Press(store, clock, forgetful=True).poll(DOCUMENT[3])
                return True
            return self._inner.create(key, data)

    Press(SleepsBeforeTheArticle(store, 0, FULL_DISK), clock).poll(DOCUMENT[3])
    assert len(articles(store)) == 1


def test_a_failing_store_ends_the_run_with_an_error(folder_store: FolderStore, clock: Clock) -> None:
    press = Press(FrailStore(folder_store, 4, FULL_DISK), clock)
    with pytest.raises(StoreError, match="the disk is full"):
        press.poll(*DOCUMENT)
    assert press.seen == {}


def _articles_claimed(store: FolderStore) -> set[str]:
    from feedarchive.archive.claim import ArticleClaim, from_bytes

    claims = [from_bytes(stored.data) for key in store.list("claims/") if (stored := store.read(key))]
    return {claim.key for claim in claims if isinstance(claim, ArticleClaim)}
