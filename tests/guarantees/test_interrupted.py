"""After an interruption at any write, the next run leaves the same files as an undisturbed run."""

from __future__ import annotations

from pathlib import Path

import pytest

from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import StoreError
from tests.harness.clock import Clock
from tests.harness.failing_store import FULL_DISK, FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver, articles, everything
from tests.harness.feed_documents import Item

SITE = "https://example.org"
# One entry for each rule of identity, so that every kind of write is interrupted.
DOCUMENT = (
    Item("Guid and link", link=f"{SITE}/a", guid="tag:1"),
    Item("Guid is the link", link=f"{SITE}/b", guid=f"{SITE}/b", permalink=True),
    Item("Guid is a URL", link=f"{SITE}/c", guid=f"{SITE}/?p=3"),
    Item("Link alone", link=f"{SITE}/d"),
    Item("About another's page", link="https://elsewhere.example/", guid="tag:5"),
    Item("Words alone", text="Nothing but words."),
)
BEFORE = (Item("Morning news", link=f"{SITE}/live", guid="monday-1", text="What the morning brought us."),)
# The last article has the URL of the article in BEFORE: the claim of its GUID is created, then replaced.
REUSED = (*DOCUMENT, Item("Evening", link=f"{SITE}/live", guid="monday-2", text="All quiet by night."))


def _undisturbed(folder: Path) -> tuple[dict[str, bytes], int]:
    """All files of an undisturbed run, and the number of its writes."""
    store = FailingStore(FolderStore(folder), 0, FULL_DISK)
    archiver = FeedArchiver(store, Clock())
    archiver.poll(*BEFORE)
    before = store.writes
    archiver.poll(*REUSED)
    return everything(store), store.writes - before


def _writes() -> int:
    from tempfile import TemporaryDirectory

    with TemporaryDirectory() as folder:
        return _undisturbed(Path(folder))[1]


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """All files of an undisturbed run."""
    return _undisturbed(tmp_path_factory.mktemp("undisturbed"))[0]


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize("error", [Killed(), FULL_DISK], ids=["killed", "failed"])
@pytest.mark.parametrize("write", range(1, _writes() + 1))
def test_the_next_run_finishes_the_work(
    tmp_path: Path, undisturbed: dict[str, bytes], write: int, error: BaseException, after: bool
) -> None:
    store = FolderStore(tmp_path / "archive")
    clock = Clock()
    FeedArchiver(store, clock).poll(*BEFORE)
    with pytest.raises(type(error)):
        FeedArchiver(FailingStore(store, write, error, after), clock).poll(*REUSED)
    FeedArchiver(store, clock).poll(*REUSED)
    assert everything(store) == undisturbed


@pytest.mark.parametrize("hours", [3, 25, 6 * 24])
def test_the_claim_of_an_interrupted_run_keeps_its_key_and_time(
    tmp_path: Path, undisturbed: dict[str, bytes], hours: int
) -> None:
    """The article joins the day of its claim, even if a run writes it days later."""
    expected = {key: data for key, data in undisturbed.items() if key.startswith("archive/")}
    for write in range(1, _writes() + 1):
        store, clock = FolderStore(tmp_path / f"archive-{write}"), Clock()
        FeedArchiver(store, clock).poll(*BEFORE)
        with pytest.raises(Killed):
            FeedArchiver(FailingStore(store, write, Killed(), after=True), clock).poll(*REUSED)
        claimed = _articles_claimed(store)
        clock.move(hours=hours)
        FeedArchiver(store, clock).poll(*REUSED)
        found = articles(store)
        assert len(found) == len(expected)
        for key in claimed:
            assert found[key] == expected[key]


def test_the_article_of_a_claim_older_than_a_week_joins_today(tmp_path: Path) -> None:
    store, clock = FolderStore(tmp_path), Clock()
    with pytest.raises(Killed):
        FeedArchiver(FailingStore(store, 1, Killed(), after=True), clock).poll(DOCUMENT[1])
    clock.move(days=8)
    FeedArchiver(store, clock).poll(DOCUMENT[1])
    (key,) = articles(store)
    assert key.startswith("archive/2026/01/02/")
    assert b'archived: "2026-01-02T10:00:00Z"' in articles(store)[key]


@pytest.mark.parametrize("hours", [1, 8 * 24])
def test_a_suspended_process_does_not_write_a_second_file(tmp_path: Path, hours: int) -> None:
    """It is suspended between claim and file; another process takes its claim over and writes the file."""
    store, clock = FolderStore(tmp_path), Clock()
    taken_over: dict[str, bytes] = {}
    writes: list[tuple[str, bool]] = []

    class SuspendedAfterClaiming(FailingStore):
        def create(self, key: str, data: bytes) -> bool:
            created = super().create(key, data)
            writes.append((key.partition("/")[0], created))
            if key.startswith("claims/") and created:
                clock.move(hours=hours)
                FeedArchiver(store, clock, stateless=True).poll(DOCUMENT[3])
                taken_over.update(everything(store))
            return created

    result = FeedArchiver(SuspendedAfterClaiming(store, 0, FULL_DISK), clock).poll(DOCUMENT[3])
    # The process claimed the article. While it was suspended, the other process wrote the article.
    assert writes[0] == ("claims", True)
    assert [key.partition("/")[0] for key in taken_over] == ["archive", "claims"]
    assert (result.new, result.known) == (0, 1)
    assert not any(created for _, created in writes[1:])
    assert everything(store) == taken_over


def test_a_failing_store_ends_the_run_with_an_error(folder_store: FolderStore, clock: Clock) -> None:
    archiver = FeedArchiver(FailingStore(folder_store, 4, FULL_DISK), clock)
    with pytest.raises(StoreError, match="the disk is full"):
        archiver.poll(*DOCUMENT)
    assert archiver.seen == {}


def _articles_claimed(store: FolderStore) -> set[str]:
    from feedarchive.archive.claim import ArticleClaim, parse_claim

    claims = [parse_claim(stored.data) for key in store.list("claims/") if (stored := store.read(key))]
    return {claim.key for claim in claims if isinstance(claim, ArticleClaim)}
