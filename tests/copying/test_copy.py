"""A copy has the same bytes, needs few requests the second time, and overwrites nothing."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest

from feedarchive.archive.forget import forget
from feedarchive.copying.copy_archive import ArchiveCopy
from feedarchive.copying.errors import CannotCopy
from feedarchive.copying.report import CopyProblem
from feedarchive.copying.selection import Selection
from feedarchive.store.folder import FolderStore
from feedarchive.store.interface import Store, Stored
from tests.copying.archives import SHOWN_IN_SMALL, copy, fetch_again, files
from tests.harness.clock import Clock
from tests.harness.digests import ITEMS, SITE, build
from tests.harness.failing_store import FULL_DISK, FailingStore
from tests.harness.feed_archiver import FeedArchiver
from tests.harness.feed_documents import Item

NEW = Item("New", link=f"{SITE}/new", guid="tag:new", text="News.")


def test_an_archive_moves_there_and_back_and_goes_on(
    small: FolderStore, tmp_path: Path, clock: Clock, store: Store
) -> None:
    last: Store = small
    before = files(small)
    for destination in (store, FolderStore(tmp_path / "back")):
        copy(last, destination)
        assert fetch_again(destination, clock, SHOWN_IN_SMALL) == 0
        assert files(destination) == before
        assert copy(last, destination).files == 0
        last = destination


def test_content_is_what_people_read(source: FolderStore, destination: FolderStore) -> None:
    report = copy(source, destination, everything=False)
    expected = {k: d for k, d in files(source).items() if k.startswith(("archive/", "pages/", "status.json"))}
    assert files(destination) == expected
    assert (report.files, report.bytes) == (len(expected), sum(map(len, expected.values())))
    assert copy(source, destination, everything=False).files == 0


class Counting(FailingStore):
    """Counts reads and listings."""

    def __init__(self, inner: Store) -> None:
        super().__init__(inner, 0, FULL_DISK)
        self.calls: Counter[str] = Counter()

    def read(self, key: str) -> Stored | None:
        self.calls["reads"] += 1
        return super().read(key)

    def list(self, prefix: str):  # type: ignore[no-untyped-def]
        self.calls[f"list {prefix}"] += 1
        return super().list(prefix)

    def hashes(self, prefix: str) -> dict[str, str]:
        self.calls[f"list {prefix}"] += 1
        return super().hashes(prefix)


def test_a_second_copy_reads_what_is_new_and_lists_no_articles(
    source: FolderStore, destination: FolderStore, clock: Clock
) -> None:
    copy(source, destination, everything=False)
    FeedArchiver(source, clock).poll(*ITEMS, NEW)
    build(source, clock())
    counting = Counting(source)
    copy(counting, destination, everything=False)
    assert files(destination).keys() >= {key for key in files(source) if "archive/2025/12/27/" in key}
    assert not [call for call in counting.calls if call.startswith("list archive")]
    # The copy reads indexes, the digest and pages of the new day, other pages, status.json and the new article.
    assert counting.calls["reads"] <= 18


def test_only_folders_that_have_claims_are_listed(source: FolderStore, destination: FolderStore) -> None:
    counting = Counting(source)
    copy(counting, destination)
    listed = {call for call in counting.calls if call.startswith("list claims/")}
    assert listed == {f"list {folder}" for folder in source.folders("claims/")}
    assert len(listed) < 256


def test_a_claim_in_a_folder_that_the_source_lacks_is_of_another_archive(
    source: FolderStore, destination: FolderStore
) -> None:
    copy(source, destination)
    folders = source.folders("claims/")
    foreign = next(folder for number in range(256) if (folder := f"claims/{number:02x}/") not in folders)
    destination.create(f"{foreign}key", b"x\n")
    with pytest.raises(CannotCopy, match="articles were archived there after the last copy"):
        copy(source, destination)


def test_a_different_file_is_named_and_never_overwritten(source: FolderStore, destination: FolderStore) -> None:
    key = next(key for key in files(source) if "article-3" in key)
    destination.create(key, b"other\n")
    report = copy(source, destination, everything=False)
    assert [(each.key, each.problem) for each in report.problems] == [(key, CopyProblem.DIFFERENT)]
    stored = destination.read(key)
    assert stored is not None
    assert stored.data == b"other\n"
    assert destination.read("archive/2025/12/25/digest.json") is None
    destination.delete(key)
    assert copy(source, destination, everything=False).problems == []
    assert destination.read("archive/2025/12/25/digest.json") is not None


@pytest.mark.parametrize(
    ("damage", "problem"),
    [(lambda path: path.unlink(), CopyProblem.MISSING), (lambda path: path.write_bytes(b"x\n"), CopyProblem.DAMAGED)],
    ids=["missing", "damaged"],
)
def test_damage_at_the_source_is_named_and_not_copied(
    source: FolderStore, destination: FolderStore, damage: Callable[[Path], object], problem: CopyProblem
) -> None:
    key = next(key for key in files(source) if "article-3" in key)
    damage(Path(source.location) / key)
    report = copy(source, destination)
    assert [(each.key, each.problem) for each in report.problems] == [(key, problem)]
    assert destination.read(key) is None
    assert destination.read("archive.json") is None


def test_a_damaged_digest_is_not_copied(source: FolderStore, destination: FolderStore) -> None:
    path = Path(source.location) / "archive/2025/12/25/digest.json"
    path.write_bytes(path.read_bytes().replace(b"Article 3", b"Article 4"))
    report = copy(source, destination, everything=False)
    key = "archive/2025/12/25/digest.json"
    assert [(each.key, each.problem) for each in report.problems] == [(key, CopyProblem.UNREADABLE)]
    assert destination.read(key) is None
    stored = destination.read("archive/index.json")
    assert stored is not None
    assert [row["day"] for row in json.loads(stored.data)["days"]] == ["2025-12-27", "2025-12-26"]


@pytest.mark.parametrize("complete", [True, False])
def test_a_forgotten_article_is_removed_or_named(
    source: FolderStore, destination: FolderStore, clock: Clock, complete: bool
) -> None:
    copy(source, destination, everything=complete)
    (key,) = [key for key in files(source) if "article-9" in key]
    forget(source, key, clock())
    build(source, clock())
    report = copy(source, destination, everything=complete)
    if complete:
        assert (report.removed, report.problems) == ([key], [])
        assert files(destination) == files(source)
        assert fetch_again(destination, clock) == 0
    else:
        assert [(each.key, each.problem) for each in report.problems] == [(key, CopyProblem.FORGOTTEN)]
        destination.delete(key)
        assert copy(source, destination, everything=False).problems == []


def test_articles_that_are_in_no_digest_yet_are_copied(
    source: FolderStore, destination: FolderStore, clock: Clock
) -> None:
    FeedArchiver(source, clock).poll(*ITEMS, NEW)
    copy(source, destination)
    assert files(destination) == files(source)


def test_a_selection_of_days_is_an_archive_of_these_days(source: FolderStore, destination: FolderStore) -> None:
    ArchiveCopy(source, destination, Selection(days=2)).run()
    days = {key[8:18] for key in files(destination) if key.startswith("archive/2")}
    assert days == {"2025/12/26", "2025/12/27"}
    stored = destination.read("archive/index.json")
    assert stored is not None
    assert [row["day"] for row in json.loads(stored.data)["days"]] == ["2025-12-27", "2025-12-26"]
    assert b"2025/12/25" not in files(destination)["pages/index.html"]
    copy(source, destination, everything=False)
    expected = {k: d for k, d in files(source).items() if k.startswith(("archive/", "pages/", "status.json"))}
    assert files(destination) == expected


def test_a_selection_of_a_site_has_only_its_articles(source: FolderStore, destination: FolderStore) -> None:
    ArchiveCopy(source, destination, Selection(site="example.org", until=date(2025, 12, 25))).run()
    expected = {k: d for k, d in files(source).items() if k.startswith("archive/2025/12/25/example.org/")}
    assert files(destination) == expected
    assert ArchiveCopy(source, destination, Selection(site="other.example")).run().files == 0


def test_a_dry_run_writes_nothing(source: FolderStore, destination: FolderStore) -> None:
    report = ArchiveCopy(source, destination, everything=True, dry_run=True).run()
    assert report.files > 30
    assert files(destination) == {}
