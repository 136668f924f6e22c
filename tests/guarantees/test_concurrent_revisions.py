"""Each version of an edited article is written only once, even by several processes or after a crash."""

from __future__ import annotations

import random
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from feedarchive.article.yaml_format import parse_front_matter
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.guarantees.test_revisions import AGAIN, BRIDGE, EDITED, SITE, poll, wordings
from tests.harness.clock import Clock
from tests.harness.failing_store import FULL_DISK, FailingStore, Killed
from tests.harness.feed_archiver import FeedArchiver, articles, everything
from tests.harness.feed_documents import Item


def test_random_polls_with_and_without_state_give_the_same_files(tmp_path: Path) -> None:
    chance = random.Random(7)
    texts = {n: [f"Story {n}, wording {letter}." for letter in "abcdef"] for n in range(12)}
    documents = [
        [Item(f"S{n}", link=f"{SITE}/{n}", text=chance.choice(texts[n][: 1 + hour // 6])) for n in range(12)]
        for hour in range(36)
    ]
    # At most a third of the entries are edited between two polls, so the feed is not noisy.
    for hour in range(1, 36):
        for n in range(12):
            if n % 3 != hour % 3:
                documents[hour][n] = documents[hour - 1][n]
    found: list[dict[str, bytes]] = []
    for forget_at in (set(), set(range(36)), set(chance.sample(range(36), 12))):
        clock = Clock()
        archiver = FeedArchiver(FolderStore(tmp_path / str(len(found))), clock)
        for hour, items in enumerate(documents):
            if hour in forget_at:
                archiver.seen.clear()
            archiver.poll(*items)
            clock.move(hours=3)
        found.append(articles(archiver.store))
    assert found[0] == found[1] == found[2]
    assert len(found[0]) > 24


def test_two_processes_with_the_same_wording(store: Store, clock: Clock) -> None:
    poll(FeedArchiver(store, clock), BRIDGE)
    with ThreadPoolExecutor(4) as pool:
        list(pool.map(lambda _: poll(FeedArchiver(store, Clock()), EDITED), range(4)))
    assert wordings(store) == [BRIDGE.text, EDITED.text]


def test_two_processes_with_different_wordings(store: Store, clock: Clock) -> None:
    poll(FeedArchiver(store, clock), BRIDGE)
    with ThreadPoolExecutor(2) as pool:
        list(pool.map(lambda item: poll(FeedArchiver(store, Clock()), item), (EDITED, AGAIN)))
    first, *later = wordings(store)
    assert first == BRIDGE.text
    assert later
    assert set(later) <= {EDITED.text, AGAIN.text}
    assert len(set(later)) == len(later)
    _check_claims_match_files(store)


@pytest.mark.parametrize("after", [False, True], ids=["before it", "after it"])
@pytest.mark.parametrize("error", [Killed(), FULL_DISK], ids=["killed", "failed"])
@pytest.mark.parametrize("write", [1, 2, 3])
def test_the_next_poll_repairs_what_a_crash_left(tmp_path: Path, write: int, error: BaseException, after: bool) -> None:
    expected, store, clock = FolderStore(tmp_path / "undisturbed"), FolderStore(tmp_path / "archive"), Clock()
    for item in (BRIDGE, EDITED):
        poll(FeedArchiver(expected, clock, stateless=True), item)
    archiver = FeedArchiver(store, clock)
    poll(archiver, BRIDGE)
    failing = FeedArchiver(FailingStore(store, write, error, after), clock, seen=dict(archiver.seen))
    with pytest.raises(type(error)):
        poll(failing, EDITED)
    if write == 3 or (write == 2 and after):
        # The revision is claimed. The next poll uses the key and time of the claim, even 20 hours later.
        clock.move(hours=20)
    poll(archiver, EDITED)
    assert everything(store) == everything(expected)


def test_an_interrupted_revision_is_taken_over_with_the_current_text(tmp_path: Path, clock: Clock) -> None:
    store = FolderStore(tmp_path)
    archiver = FeedArchiver(store, clock)
    poll(archiver, BRIDGE)
    with pytest.raises(Killed):
        poll(FeedArchiver(FailingStore(store, 2, Killed(), after=True), clock, seen=dict(archiver.seen)), EDITED)
    assert any(key.endswith(".r2") for key in store.list("claims/"))
    assert wordings(store) == [BRIDGE.text]
    poll(archiver, AGAIN)
    assert wordings(store) == [BRIDGE.text, AGAIN.text]
    _check_claims_match_files(store)


def test_a_slow_process_does_not_write_a_second_file(tmp_path: Path, clock: Clock) -> None:
    """A slow process claims r2. Another process takes over the claim with other text. Then the slow one writes."""
    store = FolderStore(tmp_path)
    poll(FeedArchiver(store, clock), BRIDGE)

    steps: list[str] = []

    class SlowAfterClaiming(FailingStore):
        def create(self, key: str, data: bytes) -> bool:
            created = self._inner.create(key, data)
            if key.endswith(".r2") and created:
                poll(FeedArchiver(TakesOver(store, 0, FULL_DISK), clock), AGAIN)
            elif key.endswith(".r2.md"):
                steps.append(f"slow process created its file: {created}")
            return created

    class TakesOver(FailingStore):
        """The store of the process that takes over. The slow process writes its file just before this one does."""

        def replace(self, key: str, data: bytes, version: str) -> bool:
            steps.append(f"replaced {key[-3:]}")
            return self._inner.replace(key, data, version)

        def create(self, key: str, data: bytes) -> bool:
            if key.endswith(".r2.md"):
                edited = data.replace(b"autumn", b"summer").replace(_wording(AGAIN), _wording(EDITED))
                assert self._inner.create(key, edited)
            return self._inner.create(key, data)

    poll(FeedArchiver(SlowAfterClaiming(store, 0, FULL_DISK), clock), EDITED)
    # The claim is replaced when it is taken over, and again to match the file of the slow process.
    assert steps == ["replaced .r2", "replaced .r2", "slow process created its file: False"]
    assert wordings(store) == [BRIDGE.text, EDITED.text]
    _check_claims_match_files(store)
    poll(FeedArchiver(store, clock), AGAIN)
    assert wordings(store) == [BRIDGE.text, EDITED.text, AGAIN.text]


def _wording(item: Item) -> bytes:
    from feedarchive.identity.fingerprint import fingerprint

    return fingerprint(item.title or "", item.text or "").encode()


def _check_claims_match_files(store: Store) -> None:
    from feedarchive.archive.claim import ArticleClaim, parse_claim

    for key in store.list("claims/"):
        stored = store.read(key)
        claim = parse_claim(stored.data) if stored else None
        if isinstance(claim, ArticleClaim):
            file = store.read(claim.key)
            assert file is not None
            assert parse_front_matter(file.data.decode())["wording"] == claim.wording
