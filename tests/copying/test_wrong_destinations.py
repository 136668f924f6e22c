"""A destination of a copy that is another archive: refused in one line that says what to do, and nothing is written."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from feedarchive.archive.open_archive import open_archive
from feedarchive.cli.main import main
from feedarchive.store.folder import FolderStore
from tests.copying.archives import FEEDS, copy, files, make_archive
from tests.harness.clock import Clock
from tests.harness.digests import ITEMS, SITE, build
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item

NEW = Item("Brand new", link=f"{SITE}/new", guid="tag:new", text="New.")
ELSEWHERE = "copy to an empty folder or bucket"


def of_another_time_zone(destination: FolderStore, source: FolderStore, clock: Clock) -> None:
    make_archive(destination, Clock(), "Asia/Tokyo")


def with_another_day(destination: FolderStore, source: FolderStore, clock: Clock) -> None:
    clock.move(days=30)
    open_archive(destination, FEEDS, time_zone="UTC")
    FeedArchiver(destination, clock).poll(NEW)
    build(destination, clock())


def of_the_same_days(destination: FolderStore, source: FolderStore, clock: Clock) -> None:
    """Another archive with articles of the same days. Everything but the folder ``archive/`` is deleted."""
    for days_ago in (2, 1, 0):
        archived = Clock()
        archived.now = clock()
        archived.move(days=-days_ago)
        FeedArchiver(destination, archived).poll(Item(f"Of {days_ago}", link=f"{SITE}/of/{days_ago}"))
        build(destination, archived())
    for key in files(destination):
        if not key.startswith("archive/"):
            destination.delete(key)


def continued_since(destination: FolderStore, source: FolderStore, clock: Clock) -> None:
    copy(source, destination)
    FeedArchiver(destination, clock).poll(*ITEMS, NEW)


def with_articles_and_no_digest_yet(destination: FolderStore, source: FolderStore, clock: Clock) -> None:
    open_archive(destination, FEEDS, time_zone="UTC")
    FeedArchiver(destination, clock).poll(NEW)


def that_is_a_whole_copy(destination: FolderStore, source: FolderStore, clock: Clock) -> None:
    copy(source, destination)
    FeedArchiver(source, clock).poll(*ITEMS, NEW)
    build(source, clock())


@pytest.mark.parametrize(
    ("make", "option", "why", "advice"),
    [
        (of_another_time_zone, "--content", "has the time zone Asia/Tokyo, but", ELSEWHERE),
        (of_another_time_zone, "--everything", "has the time zone Asia/Tokyo, but", ELSEWHERE),
        (with_another_day, "--content", "the destination belongs to another archive or is newer", ELSEWHERE),
        (with_another_day, "--everything", "the destination belongs to another archive or is newer", ELSEWHERE),
        (of_the_same_days, "--content", "the destination belongs to another archive or is newer", ELSEWHERE),
        (continued_since, "--everything", "a copy cannot merge two archives", ELSEWHERE),
        (continued_since, "--content", "would archive the copied articles again", ELSEWHERE),
        (with_articles_and_no_digest_yet, "--everything", "a copy cannot merge two archives", ELSEWHERE),
        (with_articles_and_no_digest_yet, "--content", "would archive the copied articles again", ELSEWHERE),
        (that_is_a_whole_copy, "--content", "would archive the copied articles again", "use --everything if"),
    ],
)  # fmt: skip
def test_another_archive_is_refused_in_one_line_and_stays_as_it_is(
    source: FolderStore, tmp_path: Path, clock: Clock, capsys: pytest.CaptureFixture[str],
    make: Callable[[FolderStore, FolderStore, Clock], None], option: str, why: str, advice: str,
) -> None:  # fmt: skip
    destination = FolderStore(tmp_path / "other")
    make(destination, source, clock)
    before = files(destination)
    assert main(["copy", source.location, destination.location, option]) == 1
    printed = capsys.readouterr()
    (line,) = printed.err.splitlines()
    assert line.startswith(f"feedarchive: {destination.location} ")
    assert why in line
    assert advice in line
    assert printed.out == ""
    assert files(destination) == before


@pytest.mark.parametrize(
    ("source", "destination", "line", "status"),
    [
        ("nowhere", "copy", "nowhere has no archive/index.json: it is not an archive, or not a copy of one", 1),
        ("same", "same", "same is both source and destination; give two locations", 1),
        ("same", "ftp://x", "'ftp://x' is not an archive location: give a folder or s3://bucket/prefix", 2),
    ],
)  # fmt: skip
def test_locations_that_cannot_be_copied_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
    source: str, destination: str, line: str, status: int,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(["copy", source, destination]) == status
    assert capsys.readouterr().err == f"feedarchive: {line}\n"
    assert list(tmp_path.iterdir()) == []
