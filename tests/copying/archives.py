"""Small archives to copy and to damage."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory

from feedarchive.archive.forget import forget
from feedarchive.archive.open_archive import open_archive
from feedarchive.copying.copy_archive import ArchiveCopy
from feedarchive.copying.report import CopyReport
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store
from tests.harness.clock import Clock
from tests.harness.digests import ITEMS, SITE, build
from tests.harness.feed_archiver import FeedArchiver, everything
from tests.harness.feed_documents import FEED, Item
from tests.harness.full_texts import add_media, complete, version_keys

FEEDS = f'[[feeds]]\nurl = "{FEED}"\n'
SHOWN = [
    *(replace(item, text=f"{item.text} Corrected." if number < 2 else item.text) for number, item in enumerate(ITEMS)),
    Item("Of another day", link=f"{SITE}/other", guid="tag:other", text="Other."),
]
"""What the feed contains after :func:`make_archive`."""


SHOWN_IN_SMALL = SHOWN[:3]
"""What the feed contains after :func:`make_small_archive`."""


def make_archive(store: Store, clock: Clock, zone: str = "UTC") -> None:
    """Make an archive of three days with articles, revisions, companions and a forgotten article.

    Two of the days are announced.
    """
    _write(_made(_make, clock(), zone), store, clock)


def make_small_archive(store: Store, clock: Clock) -> None:
    """Make a smaller archive with the same kinds of files, for tests that are slow with many files."""
    _write(_made(_make_small, clock(), "UTC"), store, clock)


def _write(made: tuple[dict[str, bytes], datetime], store: Store, clock: Clock) -> None:
    for key, data in made[0].items():
        assert store.create(key, data)
    clock.now = made[1]


@cache
def _made(make: Callable[[Store, Clock, str], None], start: datetime, zone: str) -> tuple[dict[str, bytes], datetime]:
    """The files of an archive whose polls begin at ``start``, and the time after the last poll.

    The archive is made once in each process.
    """
    clock = Clock()
    clock.now = start
    with TemporaryDirectory() as folder:
        store = FolderStore(Path(folder))
        make(store, clock, zone)
        return {key: stored.data for key in store.list("") if (stored := store.read(key))}, clock()


def _make(store: Store, clock: Clock, zone: str) -> None:
    open_archive(store, FEEDS, time_zone=zone)
    archiver = FeedArchiver(store, clock, zone=zone)
    archiver.poll(*ITEMS)
    versions = _versions(store, 8)
    for version in (versions[0], versions[7]):
        complete(store, clock, version, "All that happened, from the beginning to the end.", zone=zone)
    add_media(store, clock, versions[6], zone)
    clock.move(days=1)
    build(store, clock(), zone=zone)
    archiver.poll(*SHOWN[:-1])
    for version in (versions[0], versions[5]):
        complete(store, clock, version, "All that happened, and what followed.", zone=zone)
    clock.move(days=1)
    build(store, clock(), zone=zone)
    archiver.poll(*SHOWN)
    forget(store, f"{SITE}/7", clock())
    build(store, clock(), zone=zone)


def _versions(store: Store, number: int) -> list[str]:
    """Return the keys of the first articles in the archive, in the order of their numbers."""
    keys = version_keys(store)
    return [next(key for key in keys if f"article-{each}-" in key) for each in range(number)]


def _make_small(store: Store, clock: Clock, zone: str) -> None:
    open_archive(store, FEEDS, time_zone=zone)
    archiver = FeedArchiver(store, clock, zone=zone)
    archiver.poll(*ITEMS[:3])
    versions = _versions(store, 3)
    for version in (versions[0], versions[2]):
        complete(store, clock, version, "All that happened, from the beginning to the end.", zone=zone)
    add_media(store, clock, versions[1], zone)
    clock.move(days=1)
    build(store, clock(), zone=zone)
    archiver.poll(*SHOWN_IN_SMALL)
    complete(store, clock, versions[0], "All that happened, and what followed.", zone=zone)
    forget(store, f"{SITE}/2", clock())
    build(store, clock(), zone=zone)


def copy(source: Store, destination: Store, everything: bool = True) -> CopyReport:
    return ArchiveCopy(source, destination, everything=everything).run()


def fetch_again(store: Store, clock: Clock, shown: Sequence[Item] = SHOWN) -> int:
    """Poll again without state. Return the number of added files. Raises InvalidArchive if the archive is refused."""
    open_archive(store, FEEDS)
    before = len(list(store.list("archive/")))
    FeedArchiver(store, clock, stateless=True).poll(*shown)
    return len(list(store.list("archive/"))) - before


def files(store: Store) -> dict[str, bytes]:
    """Every file that a complete copy has."""
    return {key: data for key, data in everything(store).items() if not key.startswith(".tmp/")}
