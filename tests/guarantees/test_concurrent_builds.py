"""Several builds of one day at the same time: no builder replaces a newer file by an older one, and all end."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import suppress
from pathlib import Path

import pytest

from feedarchive.archive.forget import forget
from feedarchive.builds.build_day import build_day
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import StoreError
from tests.harness.clock import Clock
from tests.harness.digests import (
    DAY,
    FOLDER,
    ITEMS,
    PAGES,
    CountingStore,
    digest_files,
)
from tests.harness.failing_store import Killed
from tests.harness.feed_archiver import FeedArchiver, everything

SITE_PAGE = f"{PAGES}example.org.html"


class _Overtaken(CountingStore):
    """Lets another builder work right before a file is written, ``times`` times.

    With ``killed``, the builder that uses this store is then killed after its next write that succeeds.
    """

    def __init__(
        self, inner: FolderStore, key: str, other: Callable[[], object], times: int = 1, killed: bool = False
    ) -> None:
        super().__init__(inner)
        self.key, self.other, self.times, self.killed = key, other, times, killed
        self._overtaken = False

    def _write(self, write: Callable[[], bool]) -> bool:
        done = super()._write(write)
        if self.killed and self._overtaken and done:
            raise Killed
        return done

    def _overtake(self, key: str) -> None:
        if key == self.key and self.times:
            self.times -= 1
            self._overtaken = True
            self.other()

    def create(self, key: str, data: bytes) -> bool:
        self._overtake(key)
        return super().create(key, data)

    def replace(self, key: str, data: bytes, version: str) -> bool:
        self._overtake(key)
        return super().replace(key, data, version)


@pytest.mark.parametrize("first", [True, False], ids=["first build", "later build"])
@pytest.mark.parametrize("key", [f"{FOLDER}digest.md", SITE_PAGE, f"{PAGES}index.html", f"{FOLDER}digest.json"])
def test_a_slow_builder_replaces_nothing_that_is_newer(
    folder_store: FolderStore, clock: Clock, key: str, first: bool
) -> None:
    """Another builder overtakes the slow builder right before it writes a file.

    The slow builder is killed after its next write, so it cannot repair anything itself.
    """
    archiver = FeedArchiver(folder_store, clock)
    archiver.poll(*ITEMS[:3])
    if not first:
        build_day(folder_store, DAY, "UTC")
        archiver.poll(*ITEMS[:6])

    def overtake() -> None:
        archiver.poll(*ITEMS)
        build_day(folder_store, DAY, "UTC")

    slow = _Overtaken(folder_store, key, overtake, killed=True)
    with suppress(Killed):
        build_day(slow, DAY, "UTC")
    after = digest_files(folder_store)
    assert len(json.loads(after[f"{FOLDER}digest.json"])["files"]) == len(ITEMS)
    build_day(folder_store, DAY, "UTC")
    assert digest_files(folder_store) == after


def test_a_builder_that_is_overtaken_at_every_attempt_ends_with_an_error(
    folder_store: FolderStore, clock: Clock
) -> None:
    archiver = FeedArchiver(folder_store, clock)
    archiver.poll(ITEMS[0])
    path = Path(folder_store.location) / FOLDER / "digest.md"

    def overtake() -> None:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Attempt {slow.times}\n")

    slow = _Overtaken(folder_store, f"{FOLDER}digest.md", overtake, times=1000)
    with pytest.raises(StoreError) as error:
        build_day(slow, DAY, "UTC")
    assert str(error.value) == (
        f"cannot build {folder_store.location}/{FOLDER}digest.json: 20 attempts failed because of other builds; "
        "run again"
    )


@pytest.mark.parametrize("deleted", [True, False], ids=["lists a deleted file", "lacks a file"])
def test_a_listing_that_is_wrong_every_second_time(folder_store: FolderStore, clock: Clock, deleted: bool) -> None:
    archiver = FeedArchiver(folder_store, clock)
    archiver.poll(*ITEMS[:5])
    build_day(folder_store, DAY, "UTC")
    archiver.poll(*ITEMS[:6])
    (wrong,) = [key for key in everything(folder_store) if "article-2" in key]
    size = len(everything(folder_store)[wrong])
    if deleted:
        forget(folder_store, wrong, clock())

    class Inconsistent(CountingStore):
        def list(self, prefix: str) -> Iterator[str]:
            listed = set(super().list(prefix))
            self.calls[prefix] += 1
            yield from sorted(listed | {wrong} if self.calls[prefix] % 2 else listed - {wrong})

        def sizes(self, prefix: str) -> dict[str, int]:
            sizes = super().sizes(prefix)
            return {key: sizes.get(key, size) for key in self.list(prefix)}

    built = build_day(Inconsistent(folder_store), DAY, "UTC")
    assert built is not None
    assert len(built.digest.entries) == (5 if deleted else 6)
    after = digest_files(folder_store)
    build_day(folder_store, DAY, "UTC")
    assert digest_files(folder_store) == after


def test_pages_are_built_on_a_server_that_lists_other_hashes(folder_store: FolderStore, clock: Clock) -> None:
    class OtherHashes(CountingStore):
        def hashes(self, prefix: str) -> dict[str, str]:
            return dict.fromkeys(super().hashes(prefix), "0123")

    archiver = FeedArchiver(folder_store, clock)
    for number in (3, 6):
        archiver.poll(*ITEMS[:number])
        build_day(OtherHashes(folder_store), DAY, "UTC")
    after = digest_files(folder_store)
    assert after[SITE_PAGE].count(b"<article ") == 6
    build_day(folder_store, DAY, "UTC")
    assert digest_files(folder_store) == after


def test_two_builders_of_which_one_is_slow(folder_store: FolderStore, clock: Clock) -> None:
    """The slow builder listed the folder before the last articles were archived. The digest contains them all."""
    archiver = FeedArchiver(folder_store, clock)
    archiver.poll(*ITEMS[:6])

    class Slow(CountingStore):
        def create(self, key: str, data: bytes) -> bool:
            if key.endswith("digest.json") and not self.calls["overtaken"]:
                self.calls["overtaken"] += 1
                archiver.poll(*ITEMS)
                build_day(folder_store, DAY, "UTC")
            return super().create(key, data)

    slow = Slow(folder_store)
    build_day(slow, DAY, "UTC")
    assert slow.calls["overtaken"] == 1
    after = digest_files(folder_store)
    build_day(folder_store, DAY, "UTC")
    assert digest_files(folder_store) == after
    assert len(json.loads(after[f"{FOLDER}digest.json"])["files"]) == 12
    assert after[f"{FOLDER}digest.md"].count(b"](example.org/") == 12


def test_a_page_that_a_slow_builder_wrote_last_is_repaired(folder_store: FolderStore, clock: Clock) -> None:
    """The builder listed the folder before the last article was archived. It is killed right after writing the page."""
    archiver = FeedArchiver(folder_store, clock)
    archiver.poll(*ITEMS[:6])

    class Slow(CountingStore):
        def create(self, key: str, data: bytes) -> bool:
            if key != f"{PAGES}example.org.html":
                return super().create(key, data)
            archiver.poll(*ITEMS)
            build_day(folder_store, DAY, "UTC")
            stored = folder_store.read(key)
            assert stored
            folder_store.replace(key, data, stored.version)
            raise Killed

    with pytest.raises(Killed):
        build_day(Slow(folder_store), DAY, "UTC")
    page = Path(folder_store.location) / PAGES / "example.org.html"
    assert page.read_bytes().count(b"<article ") == 6
    build_day(folder_store, DAY, "UTC")
    assert page.read_bytes().count(b"<article ") == 12
