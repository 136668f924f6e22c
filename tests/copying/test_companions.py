"""Companions are copied like articles. Runs in the copy do not write them again."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from feedarchive.archive.forget import forget
from feedarchive.copying.copy_archive import ArchiveCopy
from feedarchive.copying.report import CopyProblem
from feedarchive.copying.selection import Selection
from feedarchive.full_text.write_full_text import FullTextOutcome
from feedarchive.store.folder import FolderStore
from tests.copying.archives import copy, files
from tests.harness.clock import Clock
from tests.harness.digests import build
from tests.harness.full_texts import complete, full_texts, version_keys


def _version(store: FolderStore, number: int) -> str:
    return next(key for key in version_keys(store) if f"article-{number}-" in key)


@pytest.mark.parametrize("everything", [True, False])
def test_a_late_full_text_changes_the_copied_page_of_its_article(
    source: FolderStore, destination: FolderStore, clock: Clock, everything: bool
) -> None:
    copy(source, destination, everything)
    clock.move(days=20)
    complete(source, clock, _version(source, 2), "What the page of the article said in the new year.")
    build(source, clock())
    copy(source, destination, everything)
    page = files(destination)["pages/2025/12/25/example.org.html"]
    assert b"in the new year" in page
    expected = {key: data for key, data in files(source).items() if key in files(destination)}
    assert files(destination) == expected
    assert any("/2026/01/16/" in key and key.endswith(".full.md") for key in expected)
    assert copy(source, destination, everything).files == 0


def test_companions_of_a_copied_archive_are_not_written_again(
    source: FolderStore, destination: FolderStore, clock: Clock
) -> None:
    copy(source, destination)
    before = files(destination)
    version = _version(destination, 5)
    assert complete(destination, clock, version, "All that happened, and what followed.") is FullTextOutcome.UNCHANGED
    assert files(destination) == before


def test_a_full_text_that_is_in_no_digest_yet_is_copied(
    source: FolderStore, destination: FolderStore, clock: Clock
) -> None:
    complete(source, clock, _version(source, 2), "News.")
    copy(source, destination)
    assert files(destination) == files(source)


@pytest.mark.parametrize(
    ("selection", "copied"),
    [
        (Selection(feed="The Example"), 4), (Selection(feed="https://example.org/feed.xml"), 4),
        (Selection(site="example.org"), 4), (Selection(site="example.org", since=date(2025, 12, 26)), 2),
        (Selection(feed="Another"), 0), (Selection(since=date(2025, 12, 26)), 2),
    ],
)  # fmt: skip
def test_a_selection_has_the_companions_of_its_articles(
    source: FolderStore, destination: FolderStore, selection: Selection, copied: int
) -> None:
    """A companion is selected by its own day. So it is copied even if the day of its article is not selected."""
    ArchiveCopy(source, destination, selection).run()
    companions = [key for key in files(destination) if ".full." in key or ".media." in key]
    assert len([key for key in companions if key.startswith("archive/")]) == copied


def test_damage_of_a_companion_is_named_and_not_copied(source: FolderStore, destination: FolderStore) -> None:
    key = next(iter(full_texts(source)))
    (Path(source.location) / key).write_text("another text\n")
    report = copy(source, destination)
    assert [(each.key, each.problem) for each in report.problems] == [(key, CopyProblem.DAMAGED)]
    assert destination.read(key) is None
    assert destination.read("archive.json") is None


def test_companions_of_a_forgotten_article_are_removed_from_a_copy(
    source: FolderStore, destination: FolderStore, clock: Clock
) -> None:
    copy(source, destination)
    removed = forget(source, _version(source, 0), clock()).removed
    assert len([key for key in removed if ".full." in key]) == 2
    build(source, clock())
    assert set(copy(source, destination).removed) == set(removed)
    assert files(destination) == files(source)
